package io.fluxfoam.evaluator;

/**
 * A small square picture as a direction: its values less their mean. What is compared often is
 * looked at coarsely first, in blocks of 4x4 pixels, which bounds the cosine from above.
 */
final class PixelVector {
    /** Rows, and columns. */
    static final int SIDE = 32;

    private static final int BLOCK = 4;
    private static final int BLOCKS = SIDE / BLOCK;

    private final byte[] values;
    private final double mean;
    private final double norm;
    private final float[] coarse;
    private final double rest;

    /**
     * @param values {@code [SIDE, SIDE, channels]}, taken over
     */
    PixelVector(byte[] values) {
        this.values = values;
        long sum = 0;
        long squares = 0;
        for (byte value : values) {
            sum += value;
            squares += value * value;
        }
        mean = (double) sum / values.length;
        norm = Math.sqrt(Math.max(0, squares - sum * mean));
        coarse = isFlat() ? new float[0] : coarse();
        double share = 0;
        for (float value : coarse) {
            share += (double) value * value;
        }
        rest = Math.sqrt(Math.max(0, 1 - share));
    }

    /** The share of the unit vector that is constant in each block. */
    private float[] coarse() {
        int channels = values.length / (SIDE * SIDE);
        float[] blocks = new float[BLOCKS * BLOCKS * channels];
        for (int i = 0; i < values.length; i++) {
            int pixel = i / channels;
            int block = pixel / SIDE / BLOCK * BLOCKS + pixel % SIDE / BLOCK;
            blocks[block * channels + i % channels] += (float) ((values[i] - mean) / BLOCK / norm);
        }
        return blocks;
    }

    /** Whether all values are the same: it then has no direction. */
    boolean isFlat() {
        return norm == 0;
    }

    /** The cosine with another one; neither is flat. */
    double cosine(PixelVector other) {
        int dot = 0; // at most 3,072 x 2^14
        for (int i = 0; i < values.length; i++) {
            dot += values[i] * other.values[i];
        }
        return (dot - values.length * mean * other.mean) / (norm * other.norm);
    }

    /** What the cosine is at most, but for rounding; neither is flat. */
    double cosineAtMost(PixelVector other) {
        float dot = 0;
        for (int i = 0; i < coarse.length; i++) {
            dot += coarse[i] * other.coarse[i];
        }
        return dot + rest * other.rest;
    }
}
