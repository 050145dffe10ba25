package io.fluxfoam.bench.ipc;

import io.fluxfoam.bench.measure.SampleStatistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What the repetitions of one cell have found. */
final class Measurements {
    private static final int LEAST_FOR_P99 = 1_000;
    private static final int LEAST_FOR_P999 = 10_000;
    private final Cell cell;
    private final List<Repetition> repetitions = new ArrayList<>();
    private String reason = "not reached in the time given";
    private boolean hasFailed;

    Measurements(Cell cell) {
        this.cell = cell;
    }

    private record Repetition(
            Pair.Limits limits, long[] latenciesNs, int chunks, double messagesPerSecond) {
        double medianNs() {
            return SampleStatistics.median(Arrays.stream(latenciesNs).asDoubleStream().toArray());
        }
    }

    Cell cell() {
        return cell;
    }

    void add(Pair.Limits limits, Pair.Latencies latencies, double messagesPerSecond) {
        repetitions.add(
                new Repetition(
                        limits, latencies.nanoseconds(), latencies.chunks(), messagesPerSecond));
    }

    /** The cell cannot be measured; figures of earlier repetitions stand for nothing then. */
    void fail(String why) {
        repetitions.clear();
        reason = why;
        hasFailed = true;
    }

    boolean hasFailed() {
        return hasFailed;
    }

    int repetitions() {
        return repetitions.size();
    }

    Row row() {
        if (repetitions.isEmpty()) {
            return Row.unmeasured(cell, reason);
        }
        long[] sorted =
                repetitions.stream()
                        .flatMapToLong(each -> Arrays.stream(each.latenciesNs))
                        .sorted()
                        .toArray();
        double messagesPerSecond = median(Repetition::messagesPerSecond);
        return new Row(
                cell.transport().label(),
                cell.waiting().label(),
                cell.pattern().label(),
                cell.payloadBytes(),
                repetitions.getFirst().chunks,
                sorted.length,
                median(each -> each.limits.pingPongNs()),
                median(each -> each.limits.copyGigabytesPerSecond()),
                median(Repetition::medianNs),
                percentile(sorted, 0.99, LEAST_FOR_P99),
                percentile(sorted, 0.999, LEAST_FOR_P999),
                messagesPerSecond,
                messagesPerSecond * cell.payloadBytes() / 1e9,
                null);
    }

    private double median(ToDoubleFunction<Repetition> figure) {
        return SampleStatistics.median(repetitions.stream().mapToDouble(figure).toArray());
    }

    private static Double percentile(long[] sorted, double part, int leastSamples) {
        return sorted.length < leastSamples
                ? null
                : (double) SampleStatistics.percentile(sorted, part);
    }
}
