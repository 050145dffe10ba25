package io.fluxfoam.cli;

import io.fluxfoam.coordinator.status.Json;
import io.fluxfoam.coordinator.status.StatusProbe.NodeFacts;
import io.fluxfoam.counters.CounterSpec;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.distill.MemoryState;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code ./foam memory stat}. */
@Command(
        name = "stat",
        mixinStandardHelpOptions = true,
        description = "Show what the memories of a live or dead foam's teachers did in this life.")
final class MemoryStatCommand implements Callable<Integer> {
    @Mixin private FoamOptions foam;

    @Option(
            names = "--json",
            description =
                    "As JSON: {namespaces: [{teacher, epoch, state, lookups, hits, falseHits,"
                            + " lookupNanos, inferenceNanos, bypasses, checks, inferences, bytes}]}.")
    private boolean json;

    @Parameters(paramLabel = "NODE", arity = "0..*", description = "Only these nodes.")
    private List<String> only = List.of();

    /** One memory as {@code --json} prints it. */
    record NamespaceFigures(
            String teacher,
            String epoch,
            String state,
            long lookups,
            long hits,
            long falseHits,
            long lookupNanos,
            long inferenceNanos,
            long bypasses,
            long checks,
            long inferences,
            long bytes) {
        static NamespaceFigures of(String teacher, String epoch, CountersSnapshot counters) {
            return new NamespaceFigures(
                    teacher,
                    epoch,
                    MemoryState.ofCode(value(counters, LoopCounters.MEMORY_STATE, epoch))
                            .map(MemoryState::text)
                            .orElse("unknown"),
                    value(counters, LoopCounters.MEMORY_LOOKUPS, epoch),
                    value(counters, LoopCounters.MEMORY_HITS, epoch),
                    value(counters, LoopCounters.MEMORY_FALSE_HITS, epoch),
                    value(counters, LoopCounters.MEMORY_LOOKUP_NANOS, epoch),
                    value(counters, LoopCounters.MEMORY_INFERENCE_NANOS, epoch),
                    value(counters, LoopCounters.MEMORY_BYPASSES, epoch),
                    value(counters, LoopCounters.MEMORY_CHECKS, epoch),
                    value(counters, LoopCounters.MEMORY_INFERENCES, epoch),
                    value(counters, LoopCounters.MEMORY_BYTES, epoch));
        }

        /** 0 for a counter that its node has not made yet. */
        private static long value(CountersSnapshot counters, CounterSpec spec, String epoch) {
            return (long) counters.number(spec.of(epoch));
        }
    }

    /** What {@code --json} prints. */
    record Namespaces(List<NamespaceFigures> namespaces) {}

    @Override
    public Integer call() throws Exception {
        List<NamespaceFigures> namespaces = new ArrayList<>();
        for (NodeFacts node : NodeFilter.of(only, foam.probe().facts())) {
            node.counters()
                    .ifPresent(counters ->
                            epochs(counters)
                                    .forEach(epoch ->
                                            namespaces.add(
                                                    NamespaceFigures.of(
                                                            node.mark().name(), epoch, counters))));
        }
        if (json) {
            System.out.print(Json.indented(new Namespaces(namespaces)));
        } else {
            System.out.print(table(namespaces));
        }
        return 0;
    }

    private static List<String> epochs(CountersSnapshot counters) {
        return counters.values().keySet().stream()
                .flatMap(label -> LoopCounters.MEMORY_STATE.which(label).stream())
                .toList();
    }

    private static Table table(List<NamespaceFigures> namespaces) {
        Table table =
                new Table(
                        "TEACHER",
                        "EPOCH",
                        "STATE",
                        " LOOKUPS",
                        " HITS",
                        " BYPASSES",
                        " CHECKS",
                        " FALSE",
                        " US/LOOKUP",
                        " MS/INFERENCE",
                        " TIMES CHEAPER",
                        " BYTES");
        for (NamespaceFigures one : namespaces) {
            double lookupNs = (double) one.lookupNanos() / one.lookups();
            double inferenceNs = (double) one.inferenceNanos() / one.inferences();
            table.row(
                    one.teacher(),
                    Text.line(one.epoch()),
                    one.state(),
                    one.lookups(),
                    one.hits(),
                    one.bypasses(),
                    one.checks(),
                    one.falseHits(),
                    figure(lookupNs / 1e3),
                    figure(inferenceNs / 1e6),
                    figure(inferenceNs / lookupNs),
                    Text.bytes(one.bytes()));
        }
        return table;
    }

    private static String figure(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.1f", value) : "-";
    }
}
