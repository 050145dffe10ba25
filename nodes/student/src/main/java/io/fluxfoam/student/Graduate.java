package io.fluxfoam.student;

import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.student.checkpoint.Checkpoint;
import io.fluxfoam.student.checkpoint.CheckpointStore;
import io.fluxfoam.student.net.Torch;
import io.fluxfoam.student.replay.Pairing;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.Callable;

/** The process of a {@link GraduateNode}: {@code ./foam node teacher --student SNAPSHOT}. */
@Command(
        name = "teacher --student",
        mixinStandardHelpOptions = true,
        description =
                "A frozen student that teaches: it says of each frame what it had learned that one of its"
                        + " teachers says.")
public final class Graduate implements Callable<Integer> {
    private static final String NAME = "graduate";

    @Mixin private NodeOptions node;

    @Option(
            names = "--student",
            paramLabel = "SNAPSHOT",
            required = true,
            description = "A file that ./foam snapshot has made.")
    private Path snapshot;

    @Option(
            names = "--region",
            paramLabel = "NODE",
            defaultValue = LoopNodes.TEACHER_LLM,
            description = "The teacher whose part it takes (default: ${DEFAULT-VALUE}).")
    private String region;

    @Option(
            names = "--sensor",
            paramLabel = "NODE",
            defaultValue = LoopNodes.SENSOR,
            description = "Node whose picture and sound it sees (default: ${DEFAULT-VALUE}).")
    private String sensor;

    @Option(
            names = "--placebo",
            description = "The snapshot is one of a student that learned from other pairs.")
    private boolean placebo;

    @Mixin private CoreOptions core;

    @Mixin private ViscosityOptions viscosity;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Seed of the student, for a core that is random (default: ${DEFAULT-VALUE}).")
    private long seed;

    private Graduate() {}

    public static void main(String[] args) {
        NodeMain.main(new Graduate(), args);
    }

    @Override
    public Integer call() throws Exception {
        StudentSettings settings =
                new StudentSettings()
                        .sensor(sensor)
                        .core(core)
                        .viscosity(viscosity)
                        .seed(seed)
                        .pairing(placebo ? Pairing.PLACEBO : Pairing.TRUE)
                        .conclude();
        Checkpoint learned = CheckpointStore.read(snapshot);
        learned.requireSource(settings.learner());
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(snapshot));
        GraduateNode graduate =
                new GraduateNode(settings, learned, region, HexFormat.of().formatHex(digest));
        NodeMain.ahead("foam-load-torch", Torch::load);
        return NodeMain.run(node.context(NAME, Roles.TEACHER), graduate);
    }
}
