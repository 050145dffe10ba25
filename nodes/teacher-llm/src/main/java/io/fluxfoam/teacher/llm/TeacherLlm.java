package io.fluxfoam.teacher.llm;

import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.teacher.ModelDirectory;
import io.fluxfoam.teacher.TeacherOptions;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.concurrent.Callable;

/** The command of the language teacher. */
@Command(
        name = LoopNodes.TEACHER_LLM,
        mixinStandardHelpOptions = true,
        description =
                "Understands the captions of the sensor's frames and publishes the meaning of each"
                        + " as one vector.")
public final class TeacherLlm implements Callable<Integer> {
    private static final String NAME = LoopNodes.TEACHER_LLM;

    @Mixin private NodeOptions node;
    @Mixin private TeacherOptions options;

    @Override
    public Integer call() throws Exception {
        ModelDirectory models = options.models(NAME, TeacherLlm.class);
        MeaningTeacher teacher = new MeaningTeacher(models, options.threads());
        return options.run(
                node.context(NAME, Roles.TEACHER),
                new LanguageNode(teacher, options.settingsForAllFrames()),
                models);
    }

    public static void main(String[] args) {
        TeacherOptions.loadRuntimeAhead();
        NodeMain.main(new TeacherLlm(), args);
    }
}
