package io.fluxfoam.chaos.report;

import io.fluxfoam.chaos.check.Quantile;
import io.fluxfoam.chaos.check.WindowFigures;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A report as people read it. */
public final class Summary {
    private Summary() {}

    public static String text(RunResult outcome) {
        ChaosReport report = outcome.report();
        StringBuilder text = new StringBuilder();
        text.append(
                String.format(
                        Locale.ROOT,
                        "%nseed %d, %.0f s, %d kills%n%n%-18s %5s %18s %18s %9s %9s%n",
                        report.seed(),
                        report.seconds(),
                        report.kills(),
                        "fault",
                        "times",
                        "detected p50/p99",
                        "back p50/p99",
                        "frames-",
                        "steps-"));
        byFault(report).forEach((fault, all) -> text.append(row(fault, all)));
        text.append(
                String.format(
                        Locale.ROOT,
                        "%nreads verified %d, torn %d, hung nodes %d, leaked bytes %d, leaked leases %d%n",
                        report.readsVerified(),
                        report.tornReads(),
                        report.hungNodes(),
                        report.leakedBytes(),
                        report.leakedLeases()));
        text.append(
                ratio(
                        "steps/s",
                        report.stepsPerSecondUndisturbed(),
                        report.stepsPerSecondUnderChaos()));
        text.append(
                ratio(
                        "moments/s",
                        report.momentsPerSecondUndisturbed(),
                        report.momentsPerSecondUnderChaos()));
        WindowFigures figures = outcome.figures();
        text.append(ratio("held-out", figures.heldOut(false), figures.heldOut(true)));
        outcome.heldOut().ifPresent(heldOut -> text.append(compared(heldOut)));
        if (!outcome.uncheckable().isEmpty()) {
            text.append("not verifiable, without checksums: ")
                    .append(String.join(" ", outcome.uncheckable()))
                    .append('\n');
        }
        text.append(windows(figures.windows()));
        return text.append(outcome.verdict().faults().isEmpty() ? "withstood\n" : "NOT withstood\n")
                .toString();
    }

    private static String compared(HeldOutComparison heldOut) {
        return String.format(
                Locale.ROOT,
                "held-out when the foam is %.0f s old: undisturbed run %s, this run %s%n",
                heldOut.age(),
                figure(heldOut.undisturbed()),
                figure(heldOut.underChaos()));
    }

    private static String windows(List<WindowFigures.Window> windows) {
        StringBuilder text = new StringBuilder();
        if (windows.stream().anyMatch(window -> window.stepsPerSecond() != null)) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%nwindow                steps/s  moments/s   held-out%n"));
            for (int i = 0; i < windows.size(); i++) {
                WindowFigures.Window window = windows.get(i);
                text.append(
                        String.format(
                                Locale.ROOT,
                                "%6d %-10s %10s %10s %10s%n",
                                i,
                                window.isDisturbed() ? "chaos" : "peace",
                                figure(window.stepsPerSecond()),
                                figure(window.momentsPerSecond()),
                                figure(window.heldOut())));
            }
        }
        return text.toString();
    }

    private static String figure(Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.2f", value);
    }

    private static Map<String, List<FaultReport>> byFault(ChaosReport report) {
        return report.faults().stream()
                .collect(
                        Collectors.groupingBy(
                                FaultReport::fault, TreeMap::new, Collectors.toList()));
    }

    private static String row(String fault, List<FaultReport> all) {
        return String.format(
                Locale.ROOT,
                "%-18s %5d %18s %18s %9s %9s%n",
                fault,
                all.size(),
                spread(all.stream().map(FaultReport::detectMillis).toList()),
                spread(all.stream().map(FaultReport::rejoinMillis).toList()),
                sum(all.stream().map(FaultReport::framesLost).toList()),
                sum(all.stream().map(FaultReport::stepsLost).toList()));
    }

    private static String spread(List<Double> millis) {
        Double median = Quantile.of(millis, 0.50);
        return median == null
                ? "-"
                : String.format(Locale.ROOT, "%.0f/%.0f ms", median, Quantile.of(millis, 0.99));
    }

    private static String sum(List<Long> counts) {
        boolean known = counts.stream().anyMatch(count -> count != null);
        return known
                ? String.valueOf(
                        counts.stream().mapToLong(count -> count == null ? 0 : count).sum())
                : "-";
    }

    private static String ratio(String what, Double undisturbed, Double underChaos) {
        if (undisturbed == null || underChaos == null) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                "%-10s undisturbed %.2f, under chaos %.2f, ratio %s%n",
                what,
                undisturbed,
                underChaos,
                figure(undisturbed > 0 ? underChaos / undisturbed : null));
    }
}
