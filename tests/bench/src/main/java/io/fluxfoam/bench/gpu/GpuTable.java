package io.fluxfoam.bench.gpu;

import io.fluxfoam.bench.ipc.Sizes;
import io.fluxfoam.bench.measure.Durations;

import java.util.Locale;

/** The result as a table for people: sizes as blocks, idle rows before those with a neighbour. */
final class GpuTable {
    private static final String FORMAT = "%-12s %-5s %-5s %10s %10s %10s %10s %10s %12s %9s%n";
    private static final String HEAD =
            String.format(
                    Locale.ROOT,
                    FORMAT,
                    "transport",
                    "wait",
                    "GPU",
                    "hand-over",
                    "p50",
                    "alone",
                    "p99",
                    "p99.9",
                    "messages/s",
                    "GB/s");

    private GpuTable() {}

    static String of(GpuResult result) {
        StringBuilder text =
                new StringBuilder(result.device() + ", CUDA " + result.driverVersion() + "\n");
        for (long size :
                result.results().stream()
                        .mapToLong(GpuRow::payloadBytes)
                        .distinct()
                        .sorted()
                        .toArray()) {
            text.append('\n').append(Sizes.text(size)).append('\n').append(HEAD);
            for (boolean neighbour : new boolean[] {false, true}) {
                result.results().stream()
                        .filter(row -> row.payloadBytes() == size && row.neighbour() == neighbour)
                        .forEach(row -> text.append(line(row)));
            }
        }
        text.append('\n');
        for (GpuResult.Join join : result.joins()) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "join %s: open %s, close %s%n",
                            Sizes.text(join.payloadBytes()),
                            Durations.text(join.openNs()),
                            Durations.text(join.closeNs())));
        }
        GpuResult.Rejoins rejoins = result.rejoins();
        if (rejoins != null) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "kills %d: back after %.0f ms, at most %.0f ms; wrong words %d; memory lost %d bytes%n",
                            rejoins.cycles(),
                            rejoins.p50Millis(),
                            rejoins.maxMillis(),
                            rejoins.wrongWords(),
                            rejoins.lostBytes()));
        }
        return text.toString();
    }

    private static String line(GpuRow row) {
        String busy = row.neighbour() ? "busy" : "idle";
        if (!row.isMeasured()) {
            return String.format(
                    Locale.ROOT,
                    "%-12s %-5s %-5s - %s%n",
                    row.transport(),
                    row.waiting(),
                    busy,
                    row.reason());
        }
        return String.format(
                Locale.ROOT,
                FORMAT,
                row.transport(),
                row.waiting(),
                busy,
                time(row.handOverNs()),
                time(row.p50Ns()),
                time(row.aloneNs()),
                time(row.p99Ns()),
                time(row.p999Ns()),
                row.messagesPerSecond() == null
                        ? "-"
                        : String.format(Locale.ROOT, "%.0f", row.messagesPerSecond()),
                row.gigabytesPerSecond() == null
                        ? "-"
                        : String.format(Locale.ROOT, "%.2f", row.gigabytesPerSecond()));
    }

    private static String time(Double nanoseconds) {
        return nanoseconds == null ? "-" : Durations.text(nanoseconds);
    }
}
