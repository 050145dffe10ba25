package io.fluxfoam.bridge;

import io.fluxfoam.bridge.session.BridgeKey;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.liveness.Names;
import io.fluxfoam.node.IdleMode;
import io.fluxfoam.node.NodeContext;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** The process of the bridge. */
@Command(
        name = Roles.BRIDGE,
        mixinStandardHelpOptions = true,
        description =
                "Shows nodes of another box in this foam as mirrors, and lets others mirror nodes of this one"
                        + " (docs/BRIDGE.md).")
public final class Bridge implements Callable<Integer> {
    private static final int MAX_BOX_NAME = 15;

    @Mixin private NodeOptions options;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            required = true,
            description =
                    "Where other bridges come (TCP) and where tensors are heard (UDP). Beyond loopback only with --key.")
    private String listen;

    @Option(
            names = "--peer",
            paramLabel = "HOST:PORT",
            split = ",",
            description = "Where another box's bridge listens; may be given again.")
    private List<String> peers = List.of();

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description =
                    "File of 32 random bytes or more, the same on both boxes, mode 0600. What is sent is sealed with it.")
    private Path key;

    @Option(
            names = "--export",
            paramLabel = "STREAMS",
            split = ",",
            description =
                    "What others may have: NODE or NODE/STREAM with * and ?, joined by commas (default: nothing).")
    private List<String> exports = List.of();

    @Option(
            names = "--import",
            paramLabel = "STREAMS",
            split = ",",
            description = "What is wanted of the peers, named likewise (default: nothing).")
    private List<String> imports = List.of();

    @Option(
            names = "--newest",
            paramLabel = "STREAMS",
            split = ",",
            description =
                    "Imported streams of which only the newest tensor counts: older ones are dropped where the link is slow"
                            + " (default: all come in order).")
    private List<String> newest = List.of();

    @Option(
            names = "--box",
            paramLabel = "NAME",
            description =
                    "What others call this box, 1 to 15 of a-z, 0-9, '-' (default: the host's name).")
    private String box;

    @Option(
            names = "--mtu",
            paramLabel = "BYTES",
            description =
                    "Largest datagram, a multiple of 32 (default: 65504 on loopback, else 1408).")
    private int mtuBytes;

    private Bridge() {}

    @Override
    public Integer call() throws Exception {
        NodeContext context = options.context(Roles.BRIDGE, Roles.BRIDGE);
        BridgeSettings settings =
                new BridgeSettings(
                        box == null ? hostName() : Names.checkBox(box),
                        address(listen),
                        peers.stream().map(Bridge::address).toList(),
                        key == null ? BridgeKey.none() : BridgeKey.read(key),
                        exports,
                        imports,
                        newest,
                        mtuBytes,
                        context.idleMode() != IdleMode.SLEEP);
        return NodeMain.run(context, new BridgeNode(settings, System.err::println));
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (colon < 1 || port < 1 || port > 65_535) {
                throw new NumberFormatException();
            }
            return new InetSocketAddress(text.substring(0, colon), port);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("wanted HOST:PORT: " + text);
        }
    }

    /** The host's own name as far as it is one of a box. */
    private static String hostName() {
        String name;
        try {
            name = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            name = "";
        }
        name = name.toLowerCase(Locale.ROOT).replaceAll("\\..*", "").replaceAll("[^a-z0-9-]", "-");
        name = name.replaceAll("^[^a-z]+", "");
        return name.isEmpty() ? "box" : name.substring(0, Math.min(MAX_BOX_NAME, name.length()));
    }

    /** Runs the bridge until SIGTERM. */
    public static void main(String[] args) {
        NodeMain.main(new Bridge(), args);
    }
}
