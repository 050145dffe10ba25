package io.fluxfoam.student;

import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.distill.Width;
import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.student.net.Torch;
import io.fluxfoam.student.replay.Pairing;

import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/**
 * The student's process. Start it with {@code OMP_NUM_THREADS=1}: a second OpenMP thread would only
 * spin.
 */
@Command(
        name = LoopNodes.STUDENT,
        mixinStandardHelpOptions = true,
        description = "Sees pictures, hears sound, and learns live what all teachers make of them.")
public final class Student implements Callable<Integer> {
    private static final String ROLE = Roles.STUDENT;

    @Mixin private NodeOptions node;

    @Option(
            names = "--sensor",
            paramLabel = "NODE",
            defaultValue = LoopNodes.SENSOR,
            description = "Node whose picture and sound it sees (default: ${DEFAULT-VALUE}).")
    private String sensor;

    @Option(
            names = "--language",
            paramLabel = "NODE",
            defaultValue = LoopNodes.TEACHER_LLM,
            description =
                    "Teacher whose region is also predicted from each input alone (default:"
                            + " ${DEFAULT-VALUE}).")
    private String language;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "16",
            description = "Moments in a training batch (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--replay",
            paramLabel = "N",
            defaultValue = "1600",
            description =
                    "Moments kept for training, some 130 kB each in shared memory (default: ${DEFAULT-VALUE}).")
    private int replay;

    @Option(
            names = "--reservoir",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Moments kept beside the newest: a sample of all that ever were, with what was"
                            + " said of them; teachers that are gone go on teaching from it (default:"
                            + " ${DEFAULT-VALUE}, none).")
    private int reservoir;

    @Option(
            names = "--reservoir-share",
            paramLabel = "X",
            defaultValue = "0.5",
            description = "Share of a batch that is drawn from them (default: ${DEFAULT-VALUE}).")
    private double reservoirShare;

    @Option(
            names = "--reservoir-balanced",
            description =
                    "Not a sample like all that ever were: of what teachers say alike of many moments"
                            + " fewer stay, of what is rare more.")
    private boolean reservoirBalanced;

    @Option(
            names = "--reservoir-own",
            paramLabel = "X",
            defaultValue = "0",
            description =
                    "Of the reservoir's moments learn to this share what it said itself when they came, and"
                            + " only the rest what teachers said (default: ${DEFAULT-VALUE}).")
    private double reservoirOwn;

    @Option(
            names = "--moment-deadline-ms",
            paramLabel = "MS",
            defaultValue = "2000",
            description = "How long a moment waits for a teacher (default: ${DEFAULT-VALUE}).")
    private long momentDeadlineMs;

    @Option(
            names = "--save-every-ms",
            paramLabel = "MS",
            defaultValue = "2000",
            description = "Time between two checkpoints (default: ${DEFAULT-VALUE}).")
    private long saveEveryMs;

    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            defaultValue = "0.002",
            description = "Step size of AdamW (default: ${DEFAULT-VALUE}).")
    private double learningRate;

    @Option(
            names = "--width",
            paramLabel = "X",
            defaultValue = "1",
            converter = WidthConverter.class,
            description =
                    "Channels of its hidden layers, as a share of the packaged student's, in steps of"
                            + " 0.125; one that goes on keeps its own (default: ${DEFAULT-VALUE}).")
    private Width width;

    @Option(
            names = "--grow-to",
            paramLabel = "X",
            converter = WidthConverter.class,
            description =
                    "How wide it may become, where learning is slow and a wider one beside it learns"
                            + " more (default: as it is).")
    private Width growTo;

    @Mixin private CoreOptions core;

    @Mixin private ViscosityOptions viscosity;

    @Option(
            names = "--renewal",
            paramLabel = "X",
            defaultValue = "0",
            description =
                    "Share of a layer's units that begin anew at each step, the least useful ones, so that it"
                            + " does not grow stiff: 1e-5 is one of a thousand in a hundred steps (default:"
                            + " ${DEFAULT-VALUE}, none).")
    private double renewal;

    @Option(
            names = "--renewal-maturity",
            paramLabel = "N",
            defaultValue = "1000",
            description =
                    "Steps before a unit is old enough to be one of them (default: ${DEFAULT-VALUE}).")
    private int renewalMaturity;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of all that is random (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--placebo",
            description =
                    "Learn each frame from the targets of another sentence: a control that must not"
                            + " work.")
    private boolean placebo;

    @Option(
            names = "--deterministic",
            description =
                    "What it learns follows from the tensors and their order alone: one thread, 2 steps for"
                            + " each moment, the frames' own time. For a tape that is played with --lockstep.")
    private boolean deterministic;

    @Option(
            names = "--voice",
            description =
                    "Say aloud, as the stream voice, what it sees of held-out frames, in the words of a"
                            + " teacher of speech; takes at most a twentieth of a processor.")
    private boolean voice;

    @Option(
            names = "--snapshot",
            paramLabel = "FILE",
            description =
                    "Begin with what a student had learned when ./foam snapshot made FILE, if there is"
                            + " nothing that it has learned itself.")
    private Path snapshot;

    @Option(
            names = "--fault-train-on-holdout",
            hidden = true,
            description = "Train on one HOLDOUT frame.")
    private boolean trainOnHoldout;

    /** Widths are shares. */
    private static final class WidthConverter implements ITypeConverter<Width> {
        @Override
        public Width convert(String share) {
            try {
                return Width.parse(share);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    public static void main(String[] args) {
        NodeMain.main(new Student(), args);
    }

    @Override
    public Integer call() throws Exception {
        StudentSettings settings =
                new StudentSettings()
                        .sensor(sensor)
                        .language(language)
                        .batch(batch)
                        .replayMoments(replay)
                        .reservoir(reservoir, reservoirShare, reservoirBalanced)
                        .reservoirOwn(reservoirOwn)
                        .momentDeadlineMs(momentDeadlineMs)
                        .saveEveryMs(saveEveryMs)
                        .learningRate(learningRate)
                        .widths(width, growTo == null ? width : growTo)
                        .core(core)
                        .viscosity(viscosity)
                        .renewal(renewal, renewalMaturity)
                        .seed(seed)
                        .pairing(placebo ? Pairing.PLACEBO : Pairing.TRUE)
                        .deterministic(deterministic)
                        .speaking(voice)
                        .snapshot(snapshot)
                        .trainOnHoldout(trainOnHoldout)
                        .conclude();
        NodeContext context = node.context(LoopNodes.STUDENT, ROLE).maxIdleNs(50_000_000L);
        NodeMain.ahead("foam-load-torch", Torch::load);
        return NodeMain.run(context, new StudentNode(settings));
    }
}
