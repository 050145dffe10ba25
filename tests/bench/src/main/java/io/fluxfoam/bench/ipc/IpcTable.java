package io.fluxfoam.bench.ipc;

import io.fluxfoam.bench.measure.Durations;

import java.util.List;
import java.util.Locale;

/**
 * The result as a table for people: sizes and patterns as blocks, transports as lines, the fastest
 * of ours first.
 */
final class IpcTable {
    private static final String HEAD =
            String.format(
                    Locale.ROOT,
                    "%-16s %-9s %10s %10s %10s %7s %12s %9s %8s %8s%n",
                    "transport",
                    "wait",
                    "p50",
                    "p99",
                    "p99.9",
                    "x pp",
                    "messages/s",
                    "GB/s",
                    "pp",
                    "copy");

    private IpcTable() {}

    static String of(List<Row> rows) {
        StringBuilder text = new StringBuilder();
        String block = "";
        for (Row row : rows) {
            String title = Sizes.text(row.payloadBytes()) + ", " + row.pattern();
            if (!title.equals(block)) {
                text.append(block.isEmpty() ? "" : "\n").append(title).append('\n').append(HEAD);
                block = title;
            }
            text.append(line(row));
        }
        return text.toString();
    }

    private static String line(Row row) {
        if (!row.isMeasured()) {
            return String.format(
                    Locale.ROOT, "%-16s %-9s - %s%n", row.transport(), row.waiting(), row.reason());
        }
        return String.format(
                Locale.ROOT,
                "%-16s %-9s %10s %10s %10s %7.1f %12.0f %9.2f %8s %8.1f%n",
                row.transport(),
                row.waiting(),
                time(row.p50Ns()),
                time(row.p99Ns()),
                time(row.p999Ns()),
                row.p50Ns() / row.pingPongNs(),
                row.messagesPerSecond(),
                row.gigabytesPerSecond(),
                time(row.pingPongNs()),
                row.copyGigabytesPerSecond());
    }

    private static String time(Double nanoseconds) {
        return nanoseconds == null ? "-" : Durations.text(nanoseconds);
    }
}
