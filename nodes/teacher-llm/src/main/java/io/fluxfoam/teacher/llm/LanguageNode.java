package io.fluxfoam.teacher.llm;

import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.teacher.Sample;
import io.fluxfoam.teacher.TeacherNode;
import io.fluxfoam.teacher.TeacherSettings;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** The language teacher's life: captions first, candidate sentences when there is time. */
final class LanguageNode implements NodeAgent {
    private final MeaningTeacher teacher;
    private final TeacherSettings settings;
    private final TeacherNode captions;
    private CandidateSentences candidates;

    LanguageNode(MeaningTeacher teacher, TeacherSettings settings) {
        this.teacher = teacher;
        this.settings = settings;
        this.captions = new TeacherNode(teacher, settings);
    }

    @Override
    public void onStart(Node node) throws Exception {
        captions.onStart(node);
        candidates = new CandidateSentences(node, this::embed, settings.sensor());
    }

    /** A candidate means what a caption of these words does, and is remembered as one. */
    private boolean embed(String sentence, MemorySegment target) {
        if (sentence.isBlank()) { // as a caption it means nothing
            teacher.embed(sentence, target);
            return true;
        }
        byte[] bytes = sentence.getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            Sample sample =
                    new Sample(arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes), bytes.length);
            return captions.answerKnown(sample, target).computed();
        }
    }

    @Override
    public void onPrepare() {
        captions.onPrepare();
    }

    @Override
    public void onRehearse() {
        captions.onRehearse();
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
