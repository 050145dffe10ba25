package io.fluxfoam.cli;

import io.fluxfoam.coordinator.status.FoamStatus;
import io.fluxfoam.coordinator.status.Json;
import io.fluxfoam.coordinator.status.NodeStatus;
import io.fluxfoam.coordinator.status.StreamStatus;
import io.fluxfoam.liveness.NodeState;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code ./foam ps}. */
@Command(name = "ps", description = "Show the nodes and their streams, without asking any of them.")
final class PsCommand implements Callable<Integer> {
    @Mixin private FoamOptions foam;

    @Spec private CommandSpec spec;

    @Option(names = "--json", description = "As JSON: the `nodes` of GET /api/status.")
    private boolean json;

    @Option(names = "--streams", description = "With one line for each stream.")
    private boolean streams;

    @Option(
            names = "--require",
            split = ",",
            paramLabel = "NODE",
            description =
                    "End with exit code 1, and one line for each, unless these nodes are ALIVE: for health checks.")
    private List<String> required = List.of();

    /** What {@code --json} prints. */
    record Nodes(String foam, Double uptimeSeconds, List<NodeStatus> nodes) {}

    @Override
    public Integer call() throws Exception {
        FoamStatus status = foam.probe().status();
        if (json) {
            System.out.print(
                    Json.indented(
                            new Nodes(status.foam(), status.uptimeSeconds(), status.nodes())));
            return exitCode(status);
        }
        System.out.print(nodes(status));
        status.student()
                .teachers()
                .forEach((teacher, seen) -> {
                    if (seen.refused() != null) {
                        System.out.println(
                                "\n"
                                        + teacher
                                        + ": the student refuses it: "
                                        + Text.line(seen.refused()));
                    }
                });
        if (streams) {
            System.out.print("\n" + streams(status));
        }
        return exitCode(status);
    }

    private int exitCode(FoamStatus status) {
        Map<String, String> states =
                status.nodes().stream()
                        .collect(Collectors.toMap(NodeStatus::name, NodeStatus::state));
        int exitCode = 0;
        for (String node : required) {
            String state = states.getOrDefault(node, "not there");
            if (!state.equals(NodeState.ALIVE.name())) {
                spec.commandLine().getErr().println("foam ps: " + Text.line(node) + " is " + state);
                exitCode = 1;
            }
        }
        return exitCode;
    }

    private static Table nodes(FoamStatus status) {
        Table table =
                new Table(
                        "NODE",
                        "ROLE",
                        "STATE",
                        " PID",
                        " INCARNATION",
                        " RESTARTS",
                        " STANDBYS",
                        " HEARTBEAT",
                        "DEVICE",
                        " COPIED",
                        " STREAMS",
                        " ERRORS");
        for (NodeStatus node : status.nodes()) {
            table.row(
                    node.name(),
                    node.role(),
                    node.state(),
                    node.pid(),
                    node.incarnation(),
                    node.restarts(),
                    node.standbys(),
                    Text.age(node.heartbeatAgeMillis()),
                    node.device(),
                    node.copiedBytes() == null ? "-" : Text.bytes(node.copiedBytes()),
                    node.streams().size(),
                    node.errors());
        }
        return table;
    }

    private static Table streams(FoamStatus status) {
        Table table =
                new Table(
                        "STREAM",
                        "DTYPE",
                        "SHAPE",
                        " SLOTS",
                        " SEQUENCE",
                        " PER SECOND",
                        " READERS");
        for (NodeStatus node : status.nodes()) {
            for (StreamStatus stream : node.streams()) {
                table.row(
                        node.name() + "/" + stream.name(),
                        stream.dtype(),
                        Text.shape(stream.shape()),
                        stream.slots(),
                        stream.sequence(),
                        Text.number(stream.ratePerSecond(), 1),
                        stream.readers());
            }
        }
        return table;
    }
}
