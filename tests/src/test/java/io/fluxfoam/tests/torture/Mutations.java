package io.fluxfoam.tests.torture;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/**
 * Damaged copies of a good file: flipped, cut, grown, overwritten, shuffled, made up. Repeatable by
 * their seed.
 */
final class Mutations {
    private static final long[] NASTY = {
        0,
        1,
        -1,
        2,
        7,
        -8,
        255,
        65_535,
        1 << 20,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 32,
        1L << 40,
        1L << 63,
        Long.MAX_VALUE,
        0x4141414141414141L
    };

    private Mutations() {}

    static byte[] of(byte[] good, Random random) {
        byte[] bytes = good.clone();
        int changes = 1 + random.nextInt(random.nextInt(8) == 0 ? 64 : 4);
        switch (random.nextInt(10)) {
            case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(8_192));
            case 2 -> {
                bytes = new byte[random.nextInt(2 * Math.min(bytes.length, 8_192))];
                random.nextBytes(bytes);
            }
            case 3 -> fill(bytes, random);
            case 4, 5, 6 -> {
                for (int i = 0; i < changes; i++) {
                    bytes[place(bytes, random)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            default -> {
                for (int i = 0; i < changes; i++) {
                    overwrite(bytes, random);
                }
            }
        }
        return bytes;
    }

    /** Overwrites some words of a mapping behind its header. */
    static void scribble(MemorySegment mapping, long headerBytes, Random random) {
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            long words = (mapping.byteSize() - headerBytes) / 8;
            long at =
                    headerBytes
                            + 8
                                    * random.nextLong(
                                            random.nextBoolean() ? words : Math.min(words, 100));
            long value =
                    random.nextInt(4) == 0
                            ? random.nextLong()
                            : NASTY[random.nextInt(NASTY.length)];
            mapping.set(ValueLayout.JAVA_LONG, at, value);
        }
    }

    /** Headers are worth more looks than what is behind them. */
    private static int place(byte[] bytes, Random random) {
        int within = random.nextBoolean() ? Math.min(bytes.length, 1_024) : bytes.length;
        return random.nextInt(within);
    }

    private static void fill(byte[] bytes, Random random) {
        int from = random.nextInt(bytes.length);
        int to = from + random.nextInt(bytes.length - from + 1);
        Arrays.fill(bytes, from, to, (byte) random.nextInt(256));
    }

    private static void overwrite(byte[] bytes, Random random) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long value =
                random.nextInt(4) == 0 ? random.nextLong() : NASTY[random.nextInt(NASTY.length)];
        if (bytes.length < 8) {
            bytes[random.nextInt(bytes.length)] = (byte) value;
        } else if (random.nextBoolean()) {
            buffer.putInt(Math.min(place(bytes, random) & ~3, bytes.length - 4), (int) value);
        } else {
            buffer.putLong(Math.min(place(bytes, random) & ~7, bytes.length - 8), value);
        }
    }
}
