package io.fluxfoam.cli;

import io.fluxfoam.coordinator.status.StatusProbe.NodeFacts;
import io.fluxfoam.counters.ErrorEntry;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code ./foam errors}. */
@Command(
        name = "errors",
        description = "Show the distinct errors of each node's newest incarnation, living or dead.")
final class ErrorsCommand implements Callable<Integer> {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT)
                    .withZone(ZoneId.systemDefault());

    @Mixin private FoamOptions foam;

    @Option(names = "--full", description = "With the stack traces.")
    private boolean full;

    @Parameters(paramLabel = "NODE", arity = "0..*", description = "Only these nodes.")
    private List<String> only = List.of();

    @Override
    public Integer call() throws Exception {
        for (NodeFacts node : NodeFilter.of(only, foam.probe().facts())) {
            node.counters()
                    .ifPresent(counters ->
                            counters.errors().forEach(error -> print(node.mark().name(), error)));
        }
        return 0;
    }

    private void print(String node, ErrorEntry error) {
        String first = CLOCK.format(Instant.ofEpochMilli(error.firstMillis()));
        String last = CLOCK.format(Instant.ofEpochMilli(error.lastMillis()));
        String when =
                error.count() == 1
                        ? first
                        : first + " to " + last + ", " + error.count() + " times";
        System.out.println(
                node + "  " + when + "  " + (full ? error.text().strip() : error.summary()));
    }
}
