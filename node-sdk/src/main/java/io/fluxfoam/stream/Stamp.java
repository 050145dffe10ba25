package io.fluxfoam.stream;

/**
 * Names one commit of a stream: {@code sequence:48 | slot:16}. 0 means withdrawn: the slot holds
 * nothing that may be read. Sequences begin with 1, so no commit has stamp 0.
 */
final class Stamp {
    static final long WITHDRAWN = 0;

    /** Greater than every stamp and no commit's: ends the waits for one whose writer died. */
    static final long ORPHANED = Long.MAX_VALUE;

    private static final int SLOT_BITS = 16;
    private static final long SLOT_MASK = (1L << SLOT_BITS) - 1;

    private Stamp() {}

    static long of(long sequence, int slot) {
        return sequence << SLOT_BITS | slot;
    }

    static long sequence(long stamp) {
        return stamp >>> SLOT_BITS;
    }

    static int slot(long stamp) {
        return (int) (stamp & SLOT_MASK);
    }
}
