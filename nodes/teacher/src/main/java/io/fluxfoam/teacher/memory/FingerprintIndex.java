package io.fluxfoam.teacher.memory;

/**
 * Where the results of fingerprints are: a table in the heap with open addressing, at most half
 * full, which grows by doubling. It is made anew from the files by each life. For one thread.
 */
final class FingerprintIndex {
    /** No location. */
    static final long NONE = 0;

    private static final int FIELDS = 3;
    private static final int LEAST_SLOTS = 1 << 8;

    /** Fingerprint's halves and location, slot after slot; a slot without location is free. */
    private long[] slots = new long[FIELDS * LEAST_SLOTS];

    private int size;

    /** Where it is, or {@link #NONE}. */
    long get(long first, long second) {
        return slots[FIELDS * slotOf(first, second) + 2];
    }

    /** Says where it is from now on. */
    void put(long first, long second, long location) {
        if (2 * (size + 1) > slots.length / FIELDS) {
            grow();
        }
        int slot = slotOf(first, second);
        if (slots[FIELDS * slot + 2] == NONE) {
            size++;
        }
        set(slot, first, second, location);
    }

    /** Forgets it, if that is where it is. */
    boolean remove(long first, long second, long location) {
        int hole = slotOf(first, second);
        if (slots[FIELDS * hole + 2] != location) {
            return false;
        }
        // Who was put aside because of it, moves up: so no slot is ever lost to a tombstone.
        int mask = mask();
        int next = hole + 1 & mask;
        while (slots[FIELDS * next + 2] != NONE) {
            int home = home(slots[FIELDS * next]);
            if ((next - home & mask) >= (next - hole & mask)) {
                System.arraycopy(slots, FIELDS * next, slots, FIELDS * hole, FIELDS);
                hole = next;
            }
            next = next + 1 & mask;
        }
        set(hole, 0, 0, NONE);
        size--;
        return true;
    }

    int size() {
        return size;
    }

    void clear() {
        slots = new long[FIELDS * LEAST_SLOTS];
        size = 0;
    }

    private void grow() {
        long[] before = slots;
        slots = new long[2 * before.length];
        for (int at = 0; at < before.length; at += FIELDS) {
            if (before[at + 2] != NONE) {
                set(slotOf(before[at], before[at + 1]), before[at], before[at + 1], before[at + 2]);
            }
        }
    }

    private void set(int slot, long first, long second, long location) {
        slots[FIELDS * slot] = first;
        slots[FIELDS * slot + 1] = second;
        slots[FIELDS * slot + 2] = location;
    }

    /** The slot that has it, or the free one where it would be put. */
    private int slotOf(long first, long second) {
        int mask = mask();
        int slot = home(first);
        while (slots[FIELDS * slot + 2] != NONE
                && (slots[FIELDS * slot] != first || slots[FIELDS * slot + 1] != second)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private int home(long first) {
        return (int) first & mask();
    }

    private int mask() {
        return slots.length / FIELDS - 1;
    }
}
