package io.fluxfoam.bench.bridge;

import io.fluxfoam.coordinator.status.FoamStatus;
import io.fluxfoam.coordinator.status.SetStatus;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a loop learned.
 *
 * @param stepsPerSecond of the student
 * @param momentsPerSecond fresh moments that it trained on
 * @param heldOut top-1 of each held-out set at the end
 */
record LearningFigures(
        double stepsPerSecond,
        double momentsPerSecond,
        Map<String, Double> heldOut,
        TwinCheck.Findings findings) {
    private static final long LOOK_EVERY_MS = 500;

    /** Of a loop that learns: pace over the second half of this time, the rest at its end. */
    static LearningFigures of(BoxedLoop loop, TwinCheck check, long durationNs)
            throws IOException, InterruptedException {
        long halfNs = System.nanoTime() + durationNs / 2;
        while (System.nanoTime() - halfNs < 0) {
            Thread.sleep(LOOK_EVERY_MS);
        }
        long beganNs = System.nanoTime();
        FoamStatus status = loop.status();
        long stepBefore = step(status);
        double moments = 0;
        int looks = 0;
        while (System.nanoTime() - beganNs < durationNs / 2) {
            Thread.sleep(LOOK_EVERY_MS);
            status = loop.status();
            Double rate = status.student().momentsPerSecond();
            moments += rate == null ? 0 : rate;
            looks++;
        }
        double seconds = (System.nanoTime() - beganNs) / 1e9;
        return new LearningFigures(
                (step(status) - stepBefore) / seconds,
                moments / looks,
                heldOut(status),
                check.findings());
    }

    static long step(FoamStatus status) throws IOException {
        Long step = status.student().step();
        if (step == null) {
            throw new IOException("the student is gone: foam=" + status.foam());
        }
        return step;
    }

    private static Map<String, Double> heldOut(FoamStatus status) {
        Map<String, Double> top1 = new TreeMap<>();
        for (SetStatus set : status.heldOut().sets()) {
            if (set.both() != null) {
                top1.put(set.name(), set.both());
            }
        }
        return top1;
    }
}
