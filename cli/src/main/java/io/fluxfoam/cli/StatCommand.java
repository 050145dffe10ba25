package io.fluxfoam.cli;

import io.fluxfoam.coordinator.status.Json;
import io.fluxfoam.coordinator.status.StatusProbe;
import io.fluxfoam.coordinator.status.StatusProbe.NodeFacts;
import io.fluxfoam.counters.CountersSnapshot;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ./foam stat}. */
@Command(name = "stat", description = "Show the counters of a live or dead foam.")
final class StatCommand implements Callable<Integer> {
    @Mixin private FoamOptions foam;

    @Option(
            names = "--json",
            description =
                    "As JSON: {foam, nodes: [{name, state, incarnation, counters: {LABEL:"
                            + " NUMBER}}]}.")
    private boolean json;

    @Parameters(paramLabel = "NODE", arity = "0..*", description = "Only these nodes.")
    private List<String> only = List.of();

    /** Counters of one node as {@code --json} prints them. */
    record NodeCounters(
            String name, String state, long incarnation, Map<String, Number> counters) {}

    /** What {@code --json} prints. */
    record FoamCounters(String foam, List<NodeCounters> nodes) {}

    @Override
    public Integer call() throws Exception {
        StatusProbe probe = foam.probe();
        List<NodeCounters> nodes = new ArrayList<>();
        for (NodeFacts node : NodeFilter.of(only, probe.facts())) {
            nodes.add(
                    new NodeCounters(
                            node.mark().name(),
                            node.mark().state().name(),
                            node.mark().incarnation(),
                            node.counters().map(CountersSnapshot::values).orElse(Map.of())));
        }
        if (json) {
            System.out.print(Json.indented(new FoamCounters(probe.name(), nodes)));
        } else {
            System.out.print(table(nodes));
        }
        return 0;
    }

    private static Table table(List<NodeCounters> nodes) {
        Table table = new Table("NODE", "COUNTER", " VALUE");
        for (NodeCounters node : nodes) {
            node.counters().forEach((label, value) -> table.row(node.name(), label, value(value)));
        }
        return table;
    }

    private static String value(Number value) {
        if (value instanceof Double real) {
            return real.isNaN() ? "-" : String.format(Locale.ROOT, "%.6g", real);
        }
        return value.toString();
    }
}
