package io.fluxfoam.memory;

/**
 * Words in shared memory, by byte offset, with the memory order in the method's name. The stream
 * protocol touches its control file only through this interface, so that a test can run the real
 * protocol through every interleaving of its loads and stores. Offsets of longs are multiples of 8,
 * of ints multiples of 4.
 */
public interface Words {
    /** Plain load. */
    long get(long offset);

    /** Load that nothing after it can overtake. */
    long getAcquire(long offset);

    /** Plain store. */
    void set(long offset, long value);

    /** Store that nothing before it can be delayed past. */
    void setRelease(long offset, long value);

    /** Compare and set with the strength of a volatile access. */
    boolean compareAndSet(long offset, long expected, long value);

    /** Plain load of 32 bits. */
    int getInt(long offset);

    /** Load of 32 bits that nothing after it can overtake. */
    int getIntAcquire(long offset);

    /** Plain store of 32 bits. */
    void setInt(long offset, int value);

    /** Store of 32 bits that nothing before it can be delayed past. */
    void setIntRelease(long offset, int value);

    /**
     * No load or store moves across it in either direction, a store before it and a load after it
     * included.
     */
    void fullFence();
}
