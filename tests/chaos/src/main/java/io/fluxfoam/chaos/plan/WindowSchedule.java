package io.fluxfoam.chaos.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The windows of a run: even ones are left in peace, odd ones have a fault every so often. A run is
 * whole windows; one too short for two of them is two halves.
 */
public record WindowSchedule(long windowMillis, int windows, long everyMillis) {
    public static WindowSchedule of(Duration duration, Duration window, Duration every) {
        long windowMillis = Math.min(window.toMillis(), duration.toMillis() / 2);
        if (windowMillis < 1 || every.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "too short: duration="
                            + duration.toMillis()
                            + "ms window="
                            + window.toMillis()
                            + "ms every="
                            + every.toMillis()
                            + "ms");
        }
        return new WindowSchedule(
                windowMillis,
                Math.toIntExact(duration.toMillis() / windowMillis),
                every.toMillis());
    }

    /** When there is a fault, milliseconds since the run began. */
    List<Long> faults() {
        List<Long> times = new ArrayList<>();
        for (int window = 1; window < windows; window += 2) {
            long endMillis = (window + 1) * windowMillis;
            for (long at = window * windowMillis; at < endMillis; at += everyMillis) {
                times.add(at);
            }
        }
        return times;
    }

    /** The window of this time; the last one has no end. */
    int windowAt(long millis) {
        return (int) Math.min(millis / windowMillis, windows - 1);
    }

    long durationMillis() {
        return windowMillis * windows;
    }
}
