package io.fluxfoam.teacher.llm;

import io.fluxfoam.distill.FrameRate;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.teacher.TeacherNode;

/** The language teacher's life: captions first, candidate sentences when there is time. */
final class LanguageNode implements NodeAgent {
    private final MeaningTeacher teacher;
    private final String sensor;
    private final TeacherNode captions;
    private CandidateSentences candidates;

    LanguageNode(MeaningTeacher teacher, String sensor, FrameRate most) {
        this.teacher = teacher;
        this.sensor = sensor;
        this.captions = new TeacherNode(teacher, sensor, most);
    }

    @Override
    public void onStart(Node node) throws Exception {
        captions.onStart(node);
        candidates = new CandidateSentences(node, teacher, sensor);
    }

    @Override
    public void onLoad() {
        captions.onLoad();
    }

    @Override
    public int doWork() throws Exception {
        int work = captions.doWork();
        return captions.isBusy() ? work : work + candidates.doWork();
    }

    @Override
    public void onStop() throws Exception {
        candidates.abandon();
        captions.onStop();
    }
}
