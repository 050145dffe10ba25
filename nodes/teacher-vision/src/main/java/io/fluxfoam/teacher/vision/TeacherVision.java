package io.fluxfoam.teacher.vision;

import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.teacher.GenericOptions;
import io.fluxfoam.teacher.ModelDirectory;
import io.fluxfoam.teacher.ModelException;
import io.fluxfoam.teacher.Sense;
import io.fluxfoam.teacher.TeacherNode;
import io.fluxfoam.teacher.TeacherOptions;
import io.fluxfoam.teacher.TeacherSettings;
import io.fluxfoam.teacher.memory.MemorySettings;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** The command of the vision teacher. */
@Command(
        name = LoopNodes.TEACHER_VISION,
        mixinStandardHelpOptions = true,
        description =
                "Reads the text in the sensor's pictures and publishes what it saw in each of 40"
                        + " columns.")
public final class TeacherVision implements Callable<Integer> {
    private static final String NAME = LoopNodes.TEACHER_VISION;

    @Mixin private NodeOptions node;
    @Mixin private TeacherOptions options;
    @Mixin private GenericOptions generic;

    @Option(
            names = "--text",
            description =
                    "Print what each picture says, with the reader's confidence; without --memory.")
    private boolean text;

    @Override
    public Integer call() throws Exception {
        NodeContext context = node.context(NAME, Roles.TEACHER);
        if (generic.model().isPresent()) {
            if (text) {
                throw new ModelException(
                        "--text prints what the packaged reader reads, not --model");
            }
            return options.runOwn(context, () -> generic.open(Sense.PICTURE, options.threads()));
        }
        ModelDirectory models = options.models(NAME, TeacherVision.class);
        ReadingTeacher teacher =
                new ReadingTeacher(models, options.threads(), text ? PRINTED : null);
        return options.run(context, new TeacherNode(teacher, settings()), models);
    }

    /** What is known is not read, and so not printed. */
    private TeacherSettings settings() {
        TeacherSettings settings = options.settings();
        return text ? settings.with(MemorySettings.OFF) : settings;
    }

    private static final Consumer<TextDecoder.Reading> PRINTED =
            reading ->
                    System.out.printf(
                            Locale.ROOT, "%.2f %s%n", reading.confidence(), reading.text());

    public static void main(String[] args) {
        TeacherOptions.loadRuntimeAhead();
        NodeMain.main(new TeacherVision(), args);
    }
}
