package io.fluxfoam.launch;

import io.fluxfoam.node.IdleMode;
import io.fluxfoam.node.NodeContext;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;

/** Options that every node takes. */
public final class NodeOptions {
    @Option(
            names = "--foam",
            paramLabel = "DIR",
            description = "Directory of the foam (default: $FOAM_DIR or /dev/shm/foam-UID).")
    private @Nullable Path foam;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of the node (default: $FOAM_NAME or its role's).")
    private @Nullable String name;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description =
                    "Where the node's own streams live and where it works on what it reads: host, cuda:N, or auto ="
                            + " cuda:0 if there is one, else host (default: ${DEFAULT-VALUE}).")
    private String device = "host";

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description =
                    "Directory for what must outlive the foam: state and journals (default: the foam).")
    private @Nullable Path state;

    @Option(
            names = "--idle",
            paramLabel = "MODE",
            description =
                    "How the node waits when it has nothing to do: sleep until a stream calls, backoff, or spin on a core of its"
                            + " own (default: sleep).")
    private IdleMode idle = IdleMode.SLEEP;

    @Option(
            names = "--standby",
            description =
                    "If another process has the name: load what can be loaded, wait, and take over the moment that it dies or"
                            + " stops.")
    private boolean standby;

    /**
     * A context of these options; without a name among them the node has that of {@code
     * $FOAM_NAME}, as {@code ./foam up} sets it, else {@code defaultName}.
     */
    public NodeContext context(String defaultName, String role) {
        String given = name == null ? System.getenv("FOAM_NAME") : name;
        NodeContext context =
                new NodeContext()
                        .name(given == null || given.isEmpty() ? defaultName : given)
                        .role(role)
                        .device(device)
                        .idleMode(idle)
                        .standby(standby);
        if (foam != null) {
            context.foam(foam);
        }
        if (state != null) {
            context.durable(state.toAbsolutePath());
        }
        return context;
    }
}
