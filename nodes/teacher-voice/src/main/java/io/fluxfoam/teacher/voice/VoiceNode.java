package io.fluxfoam.teacher.voice;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.teacher.TeacherNode;
import io.fluxfoam.teacher.TeacherSettings;

/**
 * The voice teacher's life: a teacher's, and a counter.
 *
 * <p>Counter: {@code cutUtterances}.
 */
final class VoiceNode implements NodeAgent {
    private final SpeakingTeacher teacher;
    private final TeacherNode node;
    private Counter cut;

    VoiceNode(SpeakingTeacher teacher, TeacherSettings settings) {
        this.teacher = teacher;
        this.node = new TeacherNode(teacher, settings);
    }

    @Override
    public void onStart(Node self) throws Exception {
        node.onStart(self);
        cut = self.counters().counter(LoopCounters.CUT_UTTERANCES);
    }

    @Override
    public void onPrepare() {
        node.onPrepare();
    }

    @Override
    public void onRehearse() {
        node.onRehearse();
    }

    @Override
    public void onLoad() {
        node.onLoad();
    }

    @Override
    public int doWork() throws Exception {
        int work = node.doWork();
        cut.set(teacher.cut());
        return work;
    }

    @Override
    public void onStop() throws Exception {
        node.onStop();
    }
}
