package io.fluxfoam.teacher.memory;

import net.openhft.hashing.LongTupleHashFunction;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a tensor is known by: 128 bits of all its bytes (XXH3) and of its shape. That two different
 * ones have the same by chance is not to be expected within the life of a machine; that somebody
 * makes two on purpose is possible, and then the spot checks are what is left. One object is taken
 * of one tensor after the other. For one thread.
 */
final class Fingerprint {
    private static final LongTupleHashFunction HASH = LongTupleHashFunction.xx128();
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final int WARM_BYTES = 1 << 14;
    private static final int WARM_ROUNDS = 500;
    private static final long WARM_NS = 100_000_000L;

    private final long[] words = HASH.newResultArray();

    /** Takes that of a tensor. Its type is not in it: a namespace has one. */
    Fingerprint take(MemorySegment payload, long... shape) {
        if (payload.isNative()) {
            HASH.hashMemory(payload.address(), payload.byteSize(), words);
        } else {
            HASH.hashBytes(payload.asByteBuffer(), words);
        }
        long form = shape.length;
        for (long dimension : shape) {
            form = mixed(form + GOLDEN) ^ dimension;
        }
        words[0] ^= mixed(form);
        words[1] ^= mixed(form + GOLDEN);
        return this;
    }

    /** That of a text. */
    Fingerprint take(byte[] text) {
        HASH.hashBytes(text, words);
        return this;
    }

    /**
     * Lets the compiler see the code: for some milliseconds, or longer where the compiler has to
     * wait for a processor. Interpreted it takes a hundred times as long, and who measures that
     * would never use it again.
     */
    static void warmUp() {
        Fingerprint fingerprint = new Fingerprint();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment noise = arena.allocate(WARM_BYTES, Long.BYTES);
            long beganNs = System.nanoTime();
            for (int i = 0; i < WARM_ROUNDS && System.nanoTime() - beganNs < WARM_NS; i++) {
                fingerprint.take(noise, WARM_BYTES);
                noise.set(ValueLayout.JAVA_LONG, 0, fingerprint.first());
            }
        }
    }

    long first() {
        return words[0];
    }

    long second() {
        return words[1];
    }

    /** A bijection in which every bit counts (the finaliser of SplitMix64). */
    static long mixed(long bits) {
        long once = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
        long twice = (once ^ once >>> 27) * 0x94D049BB133111EBL;
        return twice ^ twice >>> 31;
    }

    @Override
    public String toString() {
        return String.format(java.util.Locale.ROOT, "%016x%016x", words[0], words[1]);
    }
}
