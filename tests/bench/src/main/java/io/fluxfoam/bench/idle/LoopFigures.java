package io.fluxfoam.bench.idle;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import io.fluxfoam.bench.measure.SampleStatistics;
import io.fluxfoam.bench.process.ThreadTimes;
import io.fluxfoam.coordinator.status.StatusProbe;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.stream.StreamPeek;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a running loop does.
 *
 * @param stepsPerSecond of the student
 * @param predictionsPerSecond of the student, one for each frame that it sees
 * @param predictionAgeP50Millis from the capture of a frame until its prediction is published
 * @param predictionAgeP99Millis the same
 * @param dutyCyclesPercent CPU of all nodes' duty cycles together, with the inference of the
 *     teachers; percent of one core
 */
@JsonPropertyOrder({
    "stepsPerSecond",
    "predictionsPerSecond",
    "predictionAgeP50Millis",
    "predictionAgeP99Millis",
    "dutyCyclesPercent"
})
record LoopFigures(
        double stepsPerSecond,
        double predictionsPerSecond,
        double predictionAgeP50Millis,
        double predictionAgeP99Millis,
        double dutyCyclesPercent) {
    private static final long LOOK_EVERY_MS = 10;

    /** Watches a loop whose student predicts for this long. */
    static LoopFigures of(Loop loop, long durationNs) throws IOException, InterruptedException {
        String predictions =
                loop.predictions()
                        .orElseThrow(() ->
                                new IOException("no predictions: foam=" + loop.foam().path()));
        Map<String, Long> pids = loop.pids();
        Map<String, ThreadTimes> before = times(pids);
        long stepBefore = step(loop);
        long beganNs = System.nanoTime();
        List<Long> agesNs = new ArrayList<>();
        long firstSequence;
        long sequence = 0;
        try (StreamPeek peek = StreamPeek.open(loop.foam(), predictions)) {
            sequence = peek.newerThan(0).map(StreamPeek.Copy::sequence).orElse(0L);
            firstSequence = sequence;
            while (System.nanoTime() - beganNs < durationNs) {
                Optional<StreamPeek.Copy> newest = peek.newerThan(sequence);
                if (newest.isPresent() && newest.get().publishNs() != 0) {
                    sequence = newest.get().sequence();
                    agesNs.add(newest.get().publishNs() - newest.get().captureNs());
                }
                Thread.sleep(LOOK_EVERY_MS);
            }
        }
        double elapsedNs = System.nanoTime() - beganNs;
        long dutyNs = 0;
        for (Map.Entry<String, ThreadTimes> node : times(pids).entrySet()) {
            for (Map.Entry<String, Long> used :
                    node.getValue().since(before.get(node.getKey())).entrySet()) {
                dutyNs += used.getKey().startsWith(ThreadTimes.DUTY_CYCLE) ? used.getValue() : 0;
            }
        }
        long[] sorted = agesNs.stream().mapToLong(Long::longValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IOException("the student predicts no longer: foam=" + loop.foam().path());
        }
        return new LoopFigures(
                (step(loop) - stepBefore) / (elapsedNs / 1e9),
                (sequence - firstSequence) / (elapsedNs / 1e9),
                SampleStatistics.percentile(sorted, 0.5) / 1e6,
                SampleStatistics.percentile(sorted, 0.99) / 1e6,
                100 * dutyNs / elapsedNs);
    }

    private static Map<String, ThreadTimes> times(Map<String, Long> pids) throws IOException {
        Map<String, ThreadTimes> times = new LinkedHashMap<>();
        for (Map.Entry<String, Long> node : pids.entrySet()) {
            times.put(node.getKey(), ThreadTimes.of(node.getValue()));
        }
        return times;
    }

    private static long step(Loop loop) throws IOException {
        Map<String, Number> counters =
                new StatusProbe(loop.foam(), _ -> {})
                        .counters()
                        .getOrDefault(Loop.STUDENT, Map.of());
        return counters.getOrDefault(LoopCounters.STEP.label(), 0L).longValue();
    }
}
