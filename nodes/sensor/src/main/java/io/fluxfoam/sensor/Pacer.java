package io.fluxfoam.sensor;

/**
 * Says when the next frame is due on a fixed schedule of {@code framesPerSecond} ticks from the
 * first question on. The schedule does not drift, and what was missed in a pause is skipped and
 * counted, never made up for by a burst.
 */
final class Pacer {
    private static final double NANOS_PER_SECOND = 1e9;

    private final double framesPerSecond;
    private boolean started;
    private long startNs;
    private long nextTick;
    private long skippedTicks;

    /** Finite and positive ticks per second. */
    Pacer(double framesPerSecond) {
        if (!(framesPerSecond > 0 && Double.isFinite(framesPerSecond))) {
            throw new IllegalArgumentException(
                    "framesPerSecond=" + framesPerSecond + " must be above 0");
        }
        this.framesPerSecond = framesPerSecond;
    }

    /** Whether a tick is due; a true answer uses up this tick and every earlier one. */
    boolean due(long nowNs) {
        if (!started) {
            started = true;
            startNs = nowNs;
        }
        long tick = (long) Math.floor((nowNs - startNs) * framesPerSecond / NANOS_PER_SECOND);
        if (tick < nextTick) {
            return false;
        }
        skippedTicks += tick - nextTick;
        nextTick = tick + 1;
        return true;
    }

    /** Ticks that no frame was made for, since the start. */
    long skippedTicks() {
        return skippedTicks;
    }
}
