package io.fluxfoam.sensor.vary;

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

    private float[] samples = {};
    private int from;
    private int to;

    /**
     * Writes {@code count} samples that sound as those of the input from {@code begin} to {@code
     * end} do, in another time.
     */
    void stretch(float[] input, int begin, int end, float[] output, int count) {
        samples = input;
        from = begin;
        to = end;
        double rate = (double) (end - begin) / count;
        int place = begin;
        for (int at = 0; at < count; at += HOP) {
            int next = begin + (int) (at * rate);
            if (at > 0) {
                next = best(next, place + HOP);
            }
            for (int i = 0; i < Math.min(HOP, count - at); i++) {
                float out = at == 0 ? sample(next + i) : sample(place + HOP + i);
                output[at + i] = out + FADE_IN[i] * (sample(next + i) - out);
            }
            place = next;
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
                difference += Math.abs(sample(at + i) - sample(following + i));
            }
            if (difference < least) {
                least = difference;
                best = at;
            }
        }
        return best;
    }

    private float sample(int index) {
        return index >= from && index < to ? samples[index] : 0;
    }
}
