package io.fluxfoam.teacher.whisper;

import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.teacher.GenericOptions;
import io.fluxfoam.teacher.ModelDirectory;
import io.fluxfoam.teacher.ModelException;
import io.fluxfoam.teacher.ModelFile;
import io.fluxfoam.teacher.Sense;
import io.fluxfoam.teacher.TeacherNode;
import io.fluxfoam.teacher.TeacherOptions;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/** The command of the sound teacher. */
@Command(
        name = LoopNodes.TEACHER_WHISPER,
        mixinStandardHelpOptions = true,
        description =
                "Listens to the sensor's sound and publishes a speech embedding for every 80 ms.")
public final class TeacherWhisper implements Callable<Integer> {
    private static final String NAME = LoopNodes.TEACHER_WHISPER;

    @Mixin private NodeOptions node;
    @Mixin private TeacherOptions options;
    @Mixin private GenericOptions generic;

    @Option(
            names = "--whisper",
            paramLabel = "FILE",
            description =
                    "Teach with this Whisper encoder (ONNX) instead: its last hidden state, a mean"
                            + " for every 80 ms.")
    private Path whisper;

    @Override
    public Integer call() throws Exception {
        NodeContext context = node.context(NAME, Roles.TEACHER);
        if (whisper != null && generic.model().isPresent()) {
            throw new ModelException("--whisper and --model exclude each other");
        }
        if (whisper != null) {
            ModelFile encoder = ModelFile.ofUser(whisper);
            return options.runOwn(context, () -> new WhisperTeacher(encoder, options.threads()));
        }
        if (generic.model().isPresent()) {
            return options.runOwn(context, () -> generic.open(Sense.SOUND, options.threads()));
        }
        ModelDirectory models = options.models(NAME, TeacherWhisper.class);
        var teacher = new ListeningTeacher(models, options.threads());
        return options.run(context, new TeacherNode(teacher, options.settings()), models);
    }

    public static void main(String[] args) {
        TeacherOptions.loadRuntimeAhead();
        NodeMain.main(new TeacherWhisper(), args);
    }
}
