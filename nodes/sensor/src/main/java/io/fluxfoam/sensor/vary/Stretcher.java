package io.fluxfoam.sensor.vary;

import java.util.Arrays;

/**
 * Makes a sound longer or shorter and leaves its pitch: overlapping pieces of the sound are laid
 * nearer together or farther apart, each from where it goes on best from the one before (WSOLA).
 * Not thread-safe.
 */
final class Stretcher {
    /** Samples from a piece to the next: 16 ms; a piece is twice as long and fades in and out. */
    private static final int HOP = 256;

    /** A piece is taken from at most so far off its place: a period of the lowest voice. */
    private static final int SEARCH = 192;

    private static final int COARSE = 4;
    private static final float[] FADE_IN = new float[HOP];

    static {
        for (int i = 0; i < HOP; i++) {
            FADE_IN[i] = (float) (.5 - .5 * StrictMath.cos(Math.PI * (i + .5) / HOP));
        }
    }

    /** Silence before and behind the samples: as far as a search and two pieces may look. */
    private static final int MARGIN = SEARCH + COARSE + 3 * HOP;

    private float[] samples = {};

    /**
     * Writes {@code count} samples that sound as those of the input from {@code begin} to {@code
     * end} do, in another time.
     */
    void stretch(float[] input, int begin, int end, float[] output, int count) {
        int length = end - begin;
        if (samples.length < length + 2 * MARGIN) {
            samples = new float[length + 2 * MARGIN];
        }
        System.arraycopy(input, begin, samples, MARGIN, length);
        Arrays.fill(samples, MARGIN + length, samples.length, 0);
        double rate = (double) length / count;
        int following = MARGIN;
        for (int at = 0; at < count; at += HOP) {
            int place = MARGIN + (int) (at * rate);
            if (at > 0) {
                place = best(place, following);
            }
            for (int i = 0; i < Math.min(HOP, count - at); i++) {
                float out = samples[following + i];
                output[at + i] = out + FADE_IN[i] * (samples[place + i] - out);
            }
            following = place + HOP;
        }
    }

    /** The place nearby that is most like what would follow. */
    private int best(int place, int following) {
        int coarse = best(place, following, SEARCH, COARSE);
        return best(coarse, following, COARSE - 1, 1);
    }

    private int best(int place, int following, int reach, int step) {
        int best = place;
        float least = Float.MAX_VALUE;
        for (int at = place - reach; at <= place + reach; at += step) {
            float difference = 0;
            for (int i = 0; i < HOP; i += COARSE) {
                difference += Math.abs(samples[at + i] - samples[following + i]);
            }
            if (difference < least) {
                least = difference;
                best = at;
            }
        }
        return best;
    }
}
