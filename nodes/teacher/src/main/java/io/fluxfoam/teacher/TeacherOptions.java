package io.fluxfoam.teacher;

import io.fluxfoam.distill.FrameRate;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.MemoryMode;
import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.teacher.memory.MemorySettings;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** Options that every teacher takes. */
public final class TeacherOptions {
    /** More would only be in each other's way, unless there are more processors. */
    private static final int MOST_THREADS = 64;

    /** What leaves a student its share of two processors, with two experts that cost 40 ms. */
    private static final double FPS_PER_PROCESSOR = 4;

    private static final long LEAST_MEMORY_MIB = 1;
    private static final long MOST_MEMORY_MIB = 1 << 20;
    private static final int MIB_BITS = 20;

    @Option(
            names = "--sensor",
            paramLabel = "NAME",
            description = "Node to learn frames from (default: sensor).")
    private String sensor = LoopNodes.SENSOR;

    @Option(
            names = "--models",
            paramLabel = "DIR",
            description = "Directory of the models (default: where the build put them).")
    private Path models;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of the model (default: 1).")
    private int threads = 1;

    @Option(
            names = "--fps",
            paramLabel = "N",
            description =
                    "Most frames per second that it looks at, 0.01 to 1000 (default: 4 for each"
                            + " processor, not counting those that its memory answers;"
                            + " teacher-llm and teacher-voice all).")
    private Double framesPerSecond;

    @Option(
            names = "--memory",
            paramLabel = "MODE",
            description =
                    "What it has computed of the same bytes before: off = is computed again, shadow"
                            + " = is computed again and compared, on = is taken from its memory where"
                            + " that is proved and pays (default: on).")
    private MemoryMode memory = MemoryMode.ON;

    @Option(
            names = "--memory-limit",
            paramLabel = "MIB",
            description = "Most mebibytes of that memory's files (default: 256).")
    private long memoryMib = 256;

    @Option(
            names = "--check",
            description =
                    "Check that all models are there and intact (or that your own loads), then end.")
    private boolean check;

    /** Begins to load the runtime of the models, which every teacher's process will need. */
    public static void loadRuntimeAhead() {
        NodeMain.ahead("foam-load-runtime", OnnxRuntime::environment);
    }

    /** Name of the sensor. */
    public String sensor() {
        return sensor;
    }

    /** Threads that a model may use. */
    public int threads() {
        int most = Math.max(MOST_THREADS, Runtime.getRuntime().availableProcessors());
        if (threads < 1 || threads > most) {
            throw new ModelException("--threads=" + threads + " is not in 1.." + most);
        }
        return threads;
    }

    /**
     * What a node is told besides its teacher.
     *
     * @throws ModelException if what was asked for is out of range
     */
    public TeacherSettings settings() {
        return settings(FPS_PER_PROCESSOR * Runtime.getRuntime().availableProcessors());
    }

    /** The same for a teacher that may look at all frames. */
    public TeacherSettings settingsForAllFrames() {
        return settings(FrameRate.MAX);
    }

    private TeacherSettings settings(double usual) {
        if (memoryMib < LEAST_MEMORY_MIB || memoryMib > MOST_MEMORY_MIB) {
            throw new ModelException(
                    "--memory-limit="
                            + memoryMib
                            + " is not in "
                            + LEAST_MEMORY_MIB
                            + ".."
                            + MOST_MEMORY_MIB);
        }
        return new TeacherSettings(
                sensor,
                mostFrames(usual),
                framesPerSecond != null,
                threads(),
                new MemorySettings(memory, memoryMib << MIB_BITS));
    }

    private FrameRate mostFrames(double usual) {
        try {
            return new FrameRate(
                    framesPerSecond == null ? Math.min(usual, FrameRate.MAX) : framesPerSecond);
        } catch (IllegalArgumentException e) {
            throw new ModelException("--fps: " + e.getMessage(), e);
        }
    }

    /**
     * The models of a module, in the directory that was asked for.
     *
     * @param anchor a class of the package that holds the module's {@code models.sha256}
     * @throws ModelException if one is missing
     */
    public ModelDirectory models(String module, Class<?> anchor) {
        ModelDirectory directory = ModelDirectory.of(module, anchor, Optional.ofNullable(models));
        directory.files().forEach(ModelFile::requireExists);
        return directory;
    }

    /**
     * Runs a node of this agent, or, if that was asked for, checks the models of its directory.
     * Returns an exit code.
     */
    public int run(NodeContext context, NodeAgent agent, ModelDirectory directory)
            throws IOException, InterruptedException {
        if (!check) {
            return NodeMain.run(context, agent);
        }
        NodeMain.onlyCheck();
        directory.files().forEach(ModelFile::verify);
        System.out.println(context.name() + ": " + directory.files().size() + " models intact");
        return 0;
    }

    /**
     * Runs a node of this agent, whose teacher is without model files, or, if that was asked for,
     * only loads it. Returns an exit code.
     *
     * @throws ModelException if a directory of models was given
     */
    public int run(NodeContext context, NodeAgent agent, Teacher teacher)
            throws IOException, InterruptedException {
        if (models != null) {
            throw new ModelException(
                    "--models=" + models + " is of no use: " + context.name() + " has none");
        }
        if (!check) {
            return NodeMain.run(context, agent);
        }
        NodeMain.onlyCheck();
        teacher.load();
        teacher.close();
        System.out.println(
                context.name()
                        + ": loads, features f32 "
                        + TensorSpec.text(teacher.features().shape()));
        return 0;
    }

    /**
     * Runs a node of a teacher from the user's own model, or, if that was asked for, only loads it
     * and tries it out, as the node does before it joins. Returns an exit code.
     *
     * @param loading loads it
     * @throws ModelException if a directory of models was given too, or as loading does
     */
    public int runOwn(NodeContext context, Supplier<? extends Teacher> loading)
            throws IOException, InterruptedException {
        if (models != null) {
            throw new ModelException("--models=" + models + " is of no use to a model of your own");
        }
        if (check) {
            NodeMain.onlyCheck();
        }
        Teacher teacher = loading.get();
        TeacherNode.features(teacher);
        if (!check) {
            return NodeMain.run(context, new TeacherNode(teacher, settings()));
        }
        String features = TensorSpec.text(teacher.features().shape());
        teacher.close();
        System.out.println(context.name() + ": model loads, features f32 " + features);
        return 0;
    }
}
