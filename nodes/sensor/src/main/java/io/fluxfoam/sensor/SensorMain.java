package io.fluxfoam.sensor;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.node.NodeContext;

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

    @Mixin private NodeOptions node;

    @Option(
            names = "--source",
            paramLabel = "SOURCE",
            description =
                    "scenes: (drawn and spoken sentences), emoji: (things drawn in several styles and"
                            + " named), file:PATH (a video, sound or picture"
                            + " file, or a folder of pictures, sounds and texts of the same names) or"
                            + " live:[VIDEO[,AUDIO]] (camera and microphone, each DEVICE, FORMAT:DEVICE"
                            + " or none) (default: ${DEFAULT-VALUE}).")
    private String source = "scenes:";

    @Option(
            names = "--fps",
            paramLabel = "N",
            defaultValue = "7",
            description = "Frames per second (default: ${DEFAULT-VALUE}).")
    private double framesPerSecond;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of all that is random in the frames (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--slots",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Slots of each stream's ring; 0 = the smallest number with a little history.")
    private int slots;

    @Option(
            names = "--once",
            description = "End after one pass over a file or folder instead of beginning again.")
    private boolean once;

    @Option(
            names = "--hold-style",
            paramLabel = "STYLE",
            description =
                    "Style of emoji: that is held out: noto, noto-v1, twemoji, openmoji or"
                            + " fluent-emoji-flat (default: ${DEFAULT-VALUE}).")
    private String holdStyle = "openmoji";

    public static void main(String[] args) {
        NodeMain.main(new SensorMain(), args);
    }

    @Override
    public Integer call() throws Exception {
        if (!(framesPerSecond > 0 && Double.isFinite(framesPerSecond))) {
            throw new IllegalArgumentException("--fps=" + framesPerSecond + " must be above 0");
        }
        NodeContext context = node.context(ROLE, ROLE);
        Consumer<String> notices = line -> System.err.println(context.name() + ": " + line);
        FrameSource frames =
                new Sources(FrameShape.STANDARD, seed, framesPerSecond, once, holdStyle, notices)
                        .open(source);
        return NodeMain.run(
                context, new SensorNode(frames, framesPerSecond, slots, SensorMain::stopProcess));
    }

    /** Ends the process as SIGTERM would, from a thread that the node's stop need not wait for. */
    private static void stopProcess() {
        Thread.ofPlatform().daemon().name("foam-end").start(() -> System.exit(0));
    }
}
