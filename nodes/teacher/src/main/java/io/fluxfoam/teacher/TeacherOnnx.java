package io.fluxfoam.teacher;

import io.fluxfoam.distill.Roles;
import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;

/** The command of a teacher from any ONNX model. */
@Command(
        name = Roles.TEACHER,
        mixinStandardHelpOptions = true,
        description = "Teaches with any ONNX model that takes one picture or one sound window.")
public final class TeacherOnnx implements Callable<Integer> {
    @Mixin private NodeOptions node;
    @Mixin private TeacherOptions options;
    @Mixin private GenericOptions generic;

    @Option(
            names = "--sense",
            description = "What it looks at: picture or sound (default: picture).")
    private Sense sense = Sense.PICTURE;

    @Override
    public Integer call() throws Exception {
        if (generic.model().isEmpty()) {
            throw new ModelException("which model? give --model FILE");
        }
        return options.runOwn(
                node.context(Roles.TEACHER, Roles.TEACHER),
                () -> generic.open(sense, options.threads()));
    }

    public static void main(String[] args) {
        TeacherOptions.loadRuntimeAhead();
        NodeMain.main(new TeacherOnnx(), args);
    }
}
