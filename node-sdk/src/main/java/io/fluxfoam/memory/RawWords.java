package io.fluxfoam.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The words of a mapped segment without a check at each access: neither that the offset lies inside
 * nor that the segment is still mapped, which would be a third of what a commit and a lease cost.
 * For the stream protocol alone, whose offsets come from a checked header, and whose owners refuse
 * every call after they are closed. Safe for any number of threads and processes.
 */
public final class RawWords implements Words {
    private static final MemorySegment MEMORY = everything();
    private static final VarHandle LONG =
            ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();
    private final long address;

    /**
     * Words of this mapped segment.
     *
     * @throws IllegalArgumentException if it is on the heap or its base is not 8-byte aligned
     */
    public RawWords(MemorySegment segment) {
        if (!segment.isNative() || segment.address() % Long.BYTES != 0) {
            throw new IllegalArgumentException("no aligned mapped memory: segment=" + segment);
        }
        address = segment.address();
    }

    @SuppressWarnings(
            "restricted") // a constant segment is what makes the compiler leave out all checks
    private static MemorySegment everything() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }

    @Override
    public long get(long offset) {
        return (long) LONG.get(MEMORY, address + offset);
    }

    @Override
    public long getAcquire(long offset) {
        return (long) LONG.getAcquire(MEMORY, address + offset);
    }

    @Override
    public void set(long offset, long value) {
        LONG.set(MEMORY, address + offset, value);
    }

    @Override
    public void setRelease(long offset, long value) {
        LONG.setRelease(MEMORY, address + offset, value);
    }

    @Override
    public boolean compareAndSet(long offset, long expected, long value) {
        return (boolean) LONG.compareAndSet(MEMORY, address + offset, expected, value);
    }

    @Override
    public int getInt(long offset) {
        return (int) INT.get(MEMORY, address + offset);
    }

    @Override
    public int getIntAcquire(long offset) {
        return (int) INT.getAcquire(MEMORY, address + offset);
    }

    @Override
    public void setInt(long offset, int value) {
        INT.set(MEMORY, address + offset, value);
    }

    @Override
    public void setIntRelease(long offset, int value) {
        INT.setRelease(MEMORY, address + offset, value);
    }

    @Override
    public void fullFence() {
        VarHandle.fullFence();
    }
}
