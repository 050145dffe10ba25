package io.fluxfoam.coordinator;

import io.fluxfoam.coordinator.status.PageAddress;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/** The coordinator's process. */
@Command(
        name = LoopNodes.COORDINATOR,
        mixinStandardHelpOptions = true,
        description =
                "Watches a foam and shows it on a status page. It owns nothing and can be killed"
                        + " like everyone else.")
public final class Coordinator implements Callable<Integer> {
    private static final String ROLE = Roles.COORDINATOR;

    @Mixin private NodeOptions node;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "Address to listen on (default: ${DEFAULT-VALUE}: this machine only).")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "7070",
            description = "Port to listen on; 0 = any that is free (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "Answer only who sends the token in FILE (mode 0600) as \"Authorization: Bearer\"."
                            + " The page takes it behind a #.")
    private @Nullable Path tokenFile;

    public static void main(String[] args) {
        NodeMain.main(new Coordinator(), args);
    }

    @Override
    public Integer call() throws Exception {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("--port=" + port + " not in 0..65535");
        }
        AccessToken token = tokenFile == null ? AccessToken.NONE : AccessToken.read(tokenFile);
        PageAddress address = PageAddress.of(host);
        return NodeMain.run(node.context(ROLE, ROLE), new CoordinatorNode(address, port, token));
    }
}
