package io.fluxfoam.teacher.whisper;

import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.teacher.ModelDirectory;
import io.fluxfoam.teacher.ModelFile;
import io.fluxfoam.teacher.TeacherOptions;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

/** The command of the ear. */
@Command(
        name = LoopNodes.EAR,
        mixinStandardHelpOptions = true,
        description =
                "Listens to what the student says aloud, with the speech teacher's models, and"
                        + " publishes which sentences that sounds like.")
public final class EarMain implements Callable<Integer> {
    @Mixin private NodeOptions node;

    @Option(
            names = "--sensor",
            paramLabel = "NAME",
            description =
                    "Node that publishes captions and candidates (default: ${DEFAULT-VALUE}).")
    private String sensor = LoopNodes.SENSOR;

    @Option(
            names = "--student",
            paramLabel = "NAME",
            description = "Node that it listens to (default: ${DEFAULT-VALUE}).")
    private String student = LoopNodes.STUDENT;

    @Option(
            names = "--models",
            paramLabel = "DIR",
            description =
                    "Directory of the speech teacher's models (default: where the build put them).")
    private Path models;

    private EarMain() {}

    @Override
    public Integer call() throws Exception {
        ModelDirectory directory =
                ModelDirectory.of(
                        LoopNodes.TEACHER_WHISPER, EarMain.class, Optional.ofNullable(models));
        directory.files().forEach(ModelFile::requireExists);
        return NodeMain.run(
                node.context(LoopNodes.EAR, Roles.EAR), new EarNode(directory, sensor, student));
    }

    /** Runs the ear until SIGTERM. */
    public static void main(String[] args) {
        TeacherOptions.loadRuntimeAhead();
        NodeMain.main(new EarMain(), args);
    }
}
