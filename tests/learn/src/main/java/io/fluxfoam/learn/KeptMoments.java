package io.fluxfoam.learn;

import io.fluxfoam.student.replay.KeepRule;

import java.util.SplittableRandom;

/**
 * A reservoir of pictures with what teachers said of them: as many as fit into the bytes that every
 * memory may have.
 *
 * <pre>
 *   pixels   u8 or u4   targets f32   own f32, if it keeps what the student said
 * </pre>
 */
final class KeptMoments {
    private final KeepRule rule;
    private final int bits;
    private final int pixelBytes;
    private final byte[] pixels;
    private final float[][] targets;
    private final float[][] own;
    private final long momentBytes;
    private int count;
    private long seen;

    /**
     * An empty one.
     *
     * @param bytes of everything
     * @param bits of a pixel: 2, 4 or 8
     * @param keepsOwn whether what the student said is kept too
     */
    KeptMoments(long bytes, int inputs, int outputs, int bits, boolean keepsOwn, KeepRule rule) {
        this.rule = rule;
        this.bits = bits;
        pixelBytes = inputs * bits / Byte.SIZE;
        long said = (long) outputs * Float.BYTES;
        momentBytes = pixelBytes + said + (keepsOwn ? said : 0);
        int capacity = (int) (bytes / momentBytes);
        pixels = new byte[capacity * pixelBytes];
        targets = new float[capacity][];
        own = keepsOwn ? new float[capacity][] : null;
    }

    int count() {
        return count;
    }

    long bytes() {
        return targets.length * momentBytes;
    }

    int draw(SplittableRandom random) {
        return random.nextInt(count);
    }

    /** Pixels of a kept moment. */
    void pixels(int place, byte[] out) {
        int base = place * pixelBytes;
        if (bits == Byte.SIZE) {
            System.arraycopy(pixels, base, out, 0, pixelBytes);
            return;
        }
        int perByte = Byte.SIZE / bits;
        int levels = (1 << bits) - 1;
        for (int i = 0; i < pixelBytes * perByte; i++) {
            int level = pixels[base + i / perByte] >> bits * (i % perByte) & levels;
            out[i] = (byte) (level * 255 / levels);
        }
    }

    float[] target(int place) {
        return targets[place];
    }

    /** What the student said when the moment came. */
    float[] own(int place) {
        return own[place];
    }

    private static double distance(float[] target, float[] other) {
        double squares = 0;
        for (int i = 0; i < target.length; i++) {
            squares += (target[i] - other[i]) * (target[i] - other[i]);
        }
        return squares;
    }

    /** Offers a moment. */
    void offer(byte[] seenPixels, float[] target, float[] said) {
        seen++;
        int place =
                count < targets.length
                        ? count++
                        : rule.displaced(
                                seen,
                                count,
                                (at, other) ->
                                        distance(
                                                at == count ? target : targets[at],
                                                targets[other]));
        if (place == KeepRule.NOT_KEPT) {
            return;
        }
        int base = place * pixelBytes;
        if (bits == Byte.SIZE) {
            System.arraycopy(seenPixels, 0, pixels, base, pixelBytes);
        } else {
            int perByte = Byte.SIZE / bits;
            int levels = (1 << bits) - 1;
            for (int i = 0; i < pixelBytes; i++) {
                int packed = 0;
                for (int j = 0; j < perByte; j++) {
                    int value = seenPixels[i * perByte + j] & 0xFF;
                    packed |= (value * levels + 127) / 255 << bits * j;
                }
                pixels[base + i] = (byte) packed;
            }
        }
        targets[place] = target;
        if (own != null) {
            own[place] = said.clone();
        }
    }
}
