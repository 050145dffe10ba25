package io.fluxfoam.stream;

/** Hashes in an open-addressing table. */
final class HashSet64 {
    private long[] table = new long[1 << 16];
    private long size;

    boolean add(long hash) {
        if (!insert(hash == 0 ? 1 : hash)) {
            return false;
        }
        if (++size * 4 > table.length * 3L) {
            long[] old = table;
            table = new long[Math.multiplyExact(old.length, 2)];
            for (long each : old) {
                if (each != 0) {
                    insert(each);
                }
            }
        }
        return true;
    }

    private boolean insert(long hash) {
        int mask = table.length - 1;
        for (int at = (int) (hash >>> 17) & mask; ; at = at + 1 & mask) {
            if (table[at] == 0) {
                table[at] = hash;
                return true;
            }
            if (table[at] == hash) {
                return false;
            }
        }
    }

    long size() {
        return size;
    }
}
