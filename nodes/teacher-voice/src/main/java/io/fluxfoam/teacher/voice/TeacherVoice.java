package io.fluxfoam.teacher.voice;

import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.speech.DiphoneVoice;
import io.fluxfoam.teacher.TeacherOptions;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.concurrent.Callable;

/** The command of the voice teacher. */
@Command(
        name = LoopNodes.TEACHER_VOICE,
        mixinStandardHelpOptions = true,
        description =
                "Reads the captions of the sensor's frames aloud, always in the same voice, and"
                        + " publishes what each looks like as a spectrogram.")
public final class TeacherVoice implements Callable<Integer> {
    @Mixin private NodeOptions node;
    @Mixin private TeacherOptions options;

    @Override
    public Integer call() throws Exception {
        NodeContext context = node.context(LoopNodes.TEACHER_VOICE, Roles.TEACHER);
        SpeakingTeacher teacher =
                new SpeakingTeacher(
                        DiphoneVoice::new,
                        DiphoneVoice.IDENTITY,
                        line -> System.err.println(context.name() + ": " + line));
        return options.run(
                context, new VoiceNode(teacher, options.settingsForAllFrames()), teacher);
    }

    public static void main(String[] args) {
        NodeMain.main(new TeacherVoice(), args);
    }
}
