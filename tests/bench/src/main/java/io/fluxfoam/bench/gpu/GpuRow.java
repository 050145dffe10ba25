package io.fluxfoam.bench.gpu;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import io.fluxfoam.bench.measure.SampleStatistics;

import java.util.Arrays;
import java.util.List;

/**
 * One row of the result, in the names of {@code bench ipc}'s JSON. A figure that could not be
 * measured is null; if none could, {@code reason} says why.
 *
 * @param transport what handed the tensors over
 * @param waiting how the reader waited for the producer's GPU
 * @param neighbour whether another process kept the GPU busy
 * @param payloadBytes size of a tensor
 * @param samples latencies measured, over all repetitions
 * @param aloneNs median of the same two kernels in one process
 * @param p50Ns from the begin of the producer's kernel to the end of the reader's; median of the
 *     repetitions' medians
 * @param handOverNs the one less the other
 * @param p99Ns of all samples, if there are 1,000
 * @param p999Ns of all samples, if there are 10,000
 * @param messagesPerSecond median of the repetitions
 * @param gigabytesPerSecond the same in bytes
 * @param reason why there are no figures; null if there are
 */
@JsonPropertyOrder({
    "transport",
    "wait",
    "pattern",
    "neighbour",
    "payloadBytes",
    "samples",
    "aloneNs",
    "p50Ns",
    "handOverNs",
    "p99Ns",
    "p999Ns",
    "messagesPerSecond",
    "gigabytesPerSecond",
    "reason"
})
record GpuRow(
        String transport,
        @JsonProperty("wait") String waiting,
        String pattern,
        boolean neighbour,
        long payloadBytes,
        Integer samples,
        Double aloneNs,
        Double p50Ns,
        Double handOverNs,
        Double p99Ns,
        Double p999Ns,
        Double messagesPerSecond,
        Double gigabytesPerSecond,
        String reason) {
    private static final String TOUCH = "touch";
    private static final int LEAST_FOR_P99 = 1_000;
    private static final int LEAST_FOR_P999 = 10_000;

    /**
     * What one repetition has found.
     *
     * @param aloneNs latencies of the two kernels in one process
     * @param latenciesNs of the two kernels in two processes
     * @param messagesPerSecond null if it was not measured
     */
    record Repetition(long[] aloneNs, long[] latenciesNs, Double messagesPerSecond) {}

    static GpuRow of(
            String transport,
            String waiting,
            boolean neighbour,
            long payloadBytes,
            List<Repetition> repetitions) {
        long[] sorted =
                repetitions.stream()
                        .flatMapToLong(each -> Arrays.stream(each.latenciesNs))
                        .sorted()
                        .toArray();
        double aloneNs = medianOfMedians(repetitions.stream().map(Repetition::aloneNs).toList());
        double p50Ns = medianOfMedians(repetitions.stream().map(Repetition::latenciesNs).toList());
        boolean hasRate = repetitions.getFirst().messagesPerSecond != null;
        Double rate =
                hasRate
                        ? SampleStatistics.median(
                                repetitions.stream()
                                        .mapToDouble(each -> each.messagesPerSecond)
                                        .toArray())
                        : null;
        return new GpuRow(
                transport,
                waiting,
                TOUCH,
                neighbour,
                payloadBytes,
                sorted.length,
                aloneNs,
                p50Ns,
                p50Ns - aloneNs,
                percentile(sorted, 0.99, LEAST_FOR_P99),
                percentile(sorted, 0.999, LEAST_FOR_P999),
                rate,
                rate == null ? null : rate * payloadBytes / 1e9,
                null);
    }

    static GpuRow unmeasured(
            String transport, String waiting, boolean neighbour, long payloadBytes, String reason) {
        return new GpuRow(
                transport,
                waiting,
                TOUCH,
                neighbour,
                payloadBytes,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                reason);
    }

    private static double medianOfMedians(List<long[]> repetitions) {
        return SampleStatistics.median(
                repetitions.stream()
                        .mapToDouble(each ->
                                SampleStatistics.median(
                                        Arrays.stream(each).asDoubleStream().toArray()))
                        .toArray());
    }

    private static Double percentile(long[] sorted, double part, int leastSamples) {
        return sorted.length < leastSamples
                ? null
                : (double) SampleStatistics.percentile(sorted, part);
    }

    boolean isMeasured() {
        return reason == null;
    }
}
