package io.fluxfoam.teacher.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

class FingerprintTest {
    private final Fingerprint fingerprint = new Fingerprint();
    private final Set<String> seen = new HashSet<>();

    /** The published value of XXH3 with 128 bits for no bytes at all. */
    @Test
    void shouldBeTheHashThatItSays() {
        fingerprint.take(new byte[0]);
        assertEquals(0x6001c324468d497fL, fingerprint.first());
        assertEquals(0x99aa06d3014798d8L, fingerprint.second());
    }

    @Test
    void shouldSeeEveryBitWhereverItIs() {
        Random random = new Random(5);
        try (Arena arena = Arena.ofConfined()) {
            for (int bytes : new int[] {1, 3, 8, 16, 17, 128, 129, 240, 241, 1_024, 92_160}) {
                MemorySegment input = arena.allocate(bytes, 64);
                byte[] content = new byte[bytes];
                random.nextBytes(content);
                input.copyFrom(MemorySegment.ofArray(content));
                add(input, bytes);
                int step = Math.max(1, bytes * 8 / 2_000);
                for (int bit = 0; bit < bytes * 8; bit += step) {
                    flip(input, bit);
                    add(input, bytes);
                    flip(input, bit);
                }
                int before = seen.size();
                seen.add(fingerprint.take(input, bytes).toString());
                assertEquals(before, seen.size(), "the same again");
            }
        }
    }

    private void add(MemorySegment input, long... shape) {
        assertTrue(seen.add(fingerprint.take(input, shape).toString()));
    }

    private static void flip(MemorySegment input, int bit) {
        byte before = input.get(ValueLayout.JAVA_BYTE, bit / 8);
        input.set(ValueLayout.JAVA_BYTE, bit / 8, (byte) (before ^ 1 << bit % 8));
    }

    @Test
    void shouldSeeTheShape() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment input = arena.allocate(24);
            add(input, 24);
            add(input, 2, 4, 3);
            add(input, 4, 2, 3);
            add(input, 24, 1);
            add(input, 1, 24);
            add(input.asSlice(0, 23), 23);
        }
    }
}
