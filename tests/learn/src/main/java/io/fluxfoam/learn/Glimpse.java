package io.fluxfoam.learn;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A picture of the stream and what a teacher said of it.
 *
 * @param pictures where the picture is
 * @param index which one
 * @param order of its pixels; null as it is
 * @param target what the teacher that was there said
 */
record Glimpse(LabelledPictures pictures, int index, int[] order, float[] target) {
    private static final float[] SCALED = new float[256];

    static {
        for (int i = 0; i < SCALED.length; i++) {
            SCALED[i] = (i / 255f - .286f) / .353f; // mean and deviation of all pictures
        }
    }

    /** Copies the pixels as bytes. */
    void pixels(byte[] out) {
        int inputs = pictures.inputs();
        byte[] from = pictures.pixels();
        int base = index * inputs;
        if (order == null) {
            System.arraycopy(from, base, out, 0, inputs);
        } else {
            for (int i = 0; i < inputs; i++) {
                out[i] = from[base + order[i]];
            }
        }
    }

    /** Writes bytes as what a net sees. */
    static void scale(byte[] pixels, MemorySegment out) {
        for (int i = 0; i < pixels.length; i++) {
            out.setAtIndex(ValueLayout.JAVA_FLOAT, i, SCALED[pixels[i] & 0xFF]);
        }
    }
}
