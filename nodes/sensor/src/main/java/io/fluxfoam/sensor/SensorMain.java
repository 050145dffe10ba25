package io.fluxfoam.sensor;

import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.stream.StreamSpec;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** The sensor's process. */
@Command(
        name = LoopNodes.SENSOR,
        mixinStandardHelpOptions = true,
        description = "Publishes pictures and the sound that belongs to them, frame by frame.")
public final class SensorMain implements Callable<Integer> {
    private static final String ROLE = Roles.SENSOR;

    /** One for each reader, one that is written and one that is the newest. */
    private static final int MIN_SLOTS = StreamSpec.DEFAULT_MAX_READERS + 2;

    private static final int MAX_SLOTS = 4096;

    @Mixin private NodeOptions node;

    @Mixin private SourceOptions source;

    @Option(
            names = "--slots",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Slots of each stream's ring; 0 = the smallest number with a little history.")
    private int slots;

    public static void main(String[] args) {
        NodeMain.main(new SensorMain(), args);
    }

    @Override
    public Integer call() throws Exception {
        if (slots != 0 && (slots < MIN_SLOTS || slots > MAX_SLOTS)) {
            throw new IllegalArgumentException(
                    "--slots=" + slots + " is neither 0 nor in " + MIN_SLOTS + ".." + MAX_SLOTS);
        }
        NodeContext context = node.context(ROLE, ROLE);
        Consumer<String> notices = line -> System.err.println(context.name() + ": " + line);
        FrameSource frames = source.open(notices);
        return NodeMain.run(
                context,
                new SensorNode(
                        frames,
                        source.sources(),
                        source.framesPerSecond(),
                        slots,
                        SensorMain::stopProcess));
    }

    /** Ends the process as SIGTERM would, from a thread that the node's stop need not wait for. */
    private static void stopProcess() {
        Thread.ofPlatform().daemon().name("foam-end").start(() -> System.exit(0));
    }
}
