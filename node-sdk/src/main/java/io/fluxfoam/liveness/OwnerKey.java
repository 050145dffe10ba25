package io.fluxfoam.liveness;

import java.nio.charset.StandardCharsets;

/**
 * Names one incarnation of one node in a single word: {@code incarnation:24 | hash of the name:40}.
 * Never 0. Two names of a foam with the same hash would share leases, so a node whose hash is taken
 * is refused at its start.
 */
public final class OwnerKey {
    private static final int HASH_BITS = 40;
    private static final long HASH_MASK = (1L << HASH_BITS) - 1;
    static final long MAX_INCARNATION = (1L << 24) - 1;

    private OwnerKey() {}

    /** Key of this incarnation of this node. */
    public static long of(String node, long incarnation) {
        if (incarnation < 1 || incarnation > MAX_INCARNATION) {
            throw new IllegalArgumentException(
                    "incarnation=" + incarnation + " not in 1.." + MAX_INCARNATION);
        }
        return incarnation << HASH_BITS | hash(node);
    }

    public static long incarnation(long key) {
        return key >>> HASH_BITS;
    }

    /** Hash of the node's name in a key. */
    public static long hash(long key) {
        return key & HASH_MASK;
    }

    /** FNV-1a of the name, folded to 40 bits. */
    public static long hash(String node) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : node.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return (hash ^ hash >>> HASH_BITS) & HASH_MASK;
    }
}
