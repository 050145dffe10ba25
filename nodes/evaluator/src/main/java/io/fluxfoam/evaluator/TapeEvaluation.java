package io.fluxfoam.evaluator;

import io.fluxfoam.distill.FeatureReader;
import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.HeatmapTag;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.JudgeReliability;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.distill.TeacherCard;
import io.fluxfoam.distill.TeacherVerdict;
import io.fluxfoam.evaluator.gold.JudgeTable;
import io.fluxfoam.evaluator.verdict.FrameFeed;
import io.fluxfoam.evaluator.verdict.VerdictPanel;
import io.fluxfoam.evaluator.verdict.VerdictPanel.Said;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.tape.TapeEntry;
import io.fluxfoam.tape.TapeReader;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Gives the verdicts of a tape: puts what was recorded of teachers and student through a {@link
 * VerdictPanel}, as the evaluator of a living foam does, and holds these and what the evaluators
 * said then against the held-out frames. The same tape gives the same verdicts.
 */
final class TapeEvaluation {
    private static final int MAX_PENDING = 64;

    private final VerdictPanel panel = new VerdictPanel();
    private final FrameFeed feed = new FrameFeed(this::judge);
    private final JudgeTable judges = new JudgeTable();
    private final Alteration alteration;
    private final Judging judging;
    private final Map<String, Teacher> teachers = new HashMap<>();
    private final Map<String, TeacherVerdict> last = new HashMap<>();
    private final List<Turn> turns = new ArrayList<>();
    private HeatmapLayout layout = HeatmapLayout.EMPTY;
    private long newestFrame;
    private long tensors;

    /** What is done to a teacher's tensor on its way, for tests. */
    interface Alteration {
        Alteration NONE = (teacher, frame, tensor) -> tensor;

        float[] of(String teacher, long frame, float[] tensor);
    }

    /** Who is measured by the held-out frames, beside the evaluators on the tape. */
    interface Judging {
        /** The panel itself. */
        Judging PANEL = (table, verdicts) -> table.said("panel", verdicts);

        void said(JudgeTable table, List<TeacherVerdict> verdicts);

        /** What was said of the next frame, before the panel judges it. */
        default void frame(long frameNumber, Map<String, Said> said) {}
    }

    /**
     * A verdict that was another one than before.
     *
     * @param frame the newest one that was known then
     */
    record Turn(long frame, TeacherVerdict verdict) {}

    private record Teacher(
            long incarnation,
            TeacherCard card,
            FeatureReader reader,
            FrameJoin<float[]> predictions,
            FrameJoin<float[]> truths) {
        private Teacher(Manifest manifest) {
            this(
                    manifest.incarnation(),
                    TeacherCard.of(manifest),
                    new FeatureReader(),
                    new FrameJoin<>(MAX_PENDING),
                    new FrameJoin<>(MAX_PENDING));
        }
    }

    TapeEvaluation(Alteration alteration, Judging judging) {
        this.alteration = alteration;
        this.judging = judging;
    }

    /**
     * Reads a tape to its end.
     *
     * @param notices told in one line of each file that is not whole
     */
    static TapeEvaluation of(Path directory, Alteration alteration, Consumer<String> notices)
            throws IOException {
        return of(directory, alteration, Judging.PANEL, notices);
    }

    /** As above, with others who are measured. */
    static TapeEvaluation of(
            Path directory, Alteration alteration, Judging judging, Consumer<String> notices)
            throws IOException {
        TapeEvaluation evaluation = new TapeEvaluation(alteration, judging);
        try (TapeReader tape = new TapeReader(directory, notices)) {
            for (@Nullable TapeEntry entry = tape.next(); entry != null; entry = tape.next()) {
                evaluation.take(entry);
            }
        }
        evaluation.feed.flush();
        evaluation.look();
        return evaluation;
    }

    private void take(TapeEntry entry) {
        switch (entry) {
            case TapeEntry.Joined joined -> join(joined.manifest());
            case TapeEntry.Tensor tensor -> take(tensor);
            case TapeEntry.Ended ended -> panel.retire(ended.node());
            case TapeEntry.Session _, TapeEntry.Noted _ -> {}
        }
    }

    private void join(Manifest manifest) {
        if (manifest.role().equals(Roles.TEACHER)) {
            teachers.put(manifest.node(), new Teacher(manifest));
        }
    }

    private void take(TapeEntry.Tensor tensor) {
        switch (tensor.stream()) {
            case LoopStreams.LAYOUT -> layout(tensor);
            case LoopStreams.HEATMAP -> predictions(tensor);
            case LoopStreams.FEATURES -> features(tensor);
            case LoopStreams.VERDICTS ->
                    judges.said(tensor.node(), TeacherVerdict.parse(text(tensor)));
            default -> {}
        }
    }

    private void layout(TapeEntry.Tensor tensor) {
        layout = HeatmapLayout.parse(Math.toIntExact(tensor.tag()), text(tensor));
    }

    private static String text(TapeEntry.Tensor tensor) {
        return new String(tensor.payload().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    private void predictions(TapeEntry.Tensor tensor) {
        if (layout.version() < HeatmapTag.of(tensor.tag()).version()) {
            return;
        }
        for (Region region : layout.regions()) {
            if ((long) region.end() * Float.BYTES <= tensor.payload().byteSize()) {
                float[] values =
                        tensor.payload()
                                .asSlice(
                                        (long) region.offset() * Float.BYTES,
                                        (long) region.length() * Float.BYTES)
                                .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
                look(feed.predicted(tensor.frameNumber(), region.name(), values));
                Teacher teacher = teachers.get(region.name());
                if (teacher != null) {
                    predicted(region, tensor.frameNumber(), values, teacher);
                }
            }
        }
    }

    private void features(TapeEntry.Tensor tensor) {
        Teacher teacher = teachers.get(tensor.node());
        if (teacher == null || teacher.incarnation() != tensor.incarnation()) {
            return;
        }
        float[] values =
                teacher.reader()
                        .read(tensor.shape(), tensor.payload(), teacher.card())
                        .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        Region region = layout.find(tensor.node()).orElse(null);
        if (region == null || region.length() != values.length) {
            return;
        }
        tensors++;
        newestFrame = Math.max(newestFrame, tensor.frameNumber());
        float[] said = alteration.of(tensor.node(), tensor.frameNumber(), values);
        look(
                feed.said(
                        tensor.frameNumber(),
                        tensor.node(),
                        teacher.card().epoch(),
                        region.dim(),
                        said));
        said(region, tensor.frameNumber(), said, teacher);
    }

    private void predicted(Region region, long frame, float[] values, Teacher teacher) {
        if (HoldoutRule.isHoldout(frame)) {
            float[] truth = teacher.truths.take(frame);
            if (truth == null) {
                teacher.predictions.put(frame, values);
            } else {
                judges.heldOut(region.name(), region.dim(), values, truth);
            }
        }
    }

    private void said(Region region, long frame, float[] values, Teacher teacher) {
        if (HoldoutRule.isHoldout(frame)) {
            float[] prediction = teacher.predictions.take(frame);
            if (prediction == null) {
                teacher.truths.put(frame, values);
            } else {
                judges.heldOut(region.name(), region.dim(), prediction, values);
            }
        }
    }

    private void judge(long frameNumber, Map<String, Said> said) {
        judging.frame(frameNumber, said);
        panel.frame(frameNumber, said);
    }

    private void look(int judged) {
        if (judged > 0) {
            look();
        }
    }

    private void look() {
        List<TeacherVerdict> verdicts = panel.verdicts();
        judging.said(judges, verdicts);
        for (TeacherVerdict verdict : verdicts) {
            TeacherVerdict before = last.put(verdict.teacher(), verdict);
            if (before == null
                    || before.state() != verdict.state()
                    || before.cause() != verdict.cause()) {
                turns.add(new Turn(newestFrame, verdict));
            }
        }
    }

    /** All verdicts that were other ones than before, in their order. */
    List<Turn> turns() {
        return turns;
    }

    /** The verdicts at the end. */
    List<TeacherVerdict> verdicts() {
        return panel.verdicts();
    }

    /** How many frames of a teacher were not fit to be learned. */
    long failedFrames(String teacher) {
        return panel.failedFrames(teacher);
    }

    /** How reliable the panel is, and the evaluators on the tape were, by the held-out frames. */
    List<JudgeReliability> reliabilities() {
        return judges.reliabilities();
    }

    /** How many tensors of teachers were judged. */
    long tensors() {
        return tensors;
    }
}
