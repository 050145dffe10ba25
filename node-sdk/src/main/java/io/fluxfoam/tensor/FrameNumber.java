package io.fluxfoam.tensor;

/**
 * The number of a frame: {@code sensor incarnation:24 | counter:40}. It is never reused: a
 * restarted sensor has a higher incarnation and goes on with the counter after the last one it
 * published. For the scenes source the counter is the scene index.
 */
public final class FrameNumber {
    private static final int COUNTER_BITS = 40;
    private static final long COUNTER_MASK = (1L << COUNTER_BITS) - 1;

    private FrameNumber() {}

    /** Packs a sensor's incarnation (below 2^24) and a frame counter (below 2^40). */
    public static long of(long incarnation, long counter) {
        if (incarnation < 0 || incarnation >= 1L << 24 || counter < 0 || counter > COUNTER_MASK) {
            throw new IllegalArgumentException(
                    "incarnation=" + incarnation + " counter=" + counter + " out of range");
        }
        return incarnation << COUNTER_BITS | counter;
    }

    /** Incarnation of the sensor that published the frame. */
    public static long incarnation(long frameNumber) {
        return frameNumber >>> COUNTER_BITS;
    }

    /** Counter of the frame; for scenes, the scene index. */
    public static long counter(long frameNumber) {
        return frameNumber & COUNTER_MASK;
    }
}
