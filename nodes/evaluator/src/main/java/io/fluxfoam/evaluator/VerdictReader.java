package io.fluxfoam.evaluator;

import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.distill.TeacherState;
import io.fluxfoam.distill.TeacherVerdict;
import io.fluxfoam.distill.VerdictCause;
import io.fluxfoam.evaluator.verdict.FrameFeed;
import io.fluxfoam.evaluator.verdict.Meter;
import io.fluxfoam.evaluator.verdict.VerdictPanel;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.PeerView;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Puts what teachers and student said through a {@link VerdictPanel}; publishes the verdicts, shows
 * them as counters, and writes each change of a state to the journal with its figures.
 */
final class VerdictReader {
    private static final int MAX_TEACHERS = 32;
    private static final long MAGIC = 0x464F414D56524432L; // FOAMVRD2
    private static final long SAY_AGAIN_NS = TeacherVerdict.LASTS_NS / 10;

    private final Node node;
    private final StreamWriter stream;
    private final VerdictPanel panel;
    private final FrameFeed feed;
    private final StateFile<VerdictPanel> file;
    private final Map<String, TeacherVerdict> told = new HashMap<>();
    private final Map<String, VerdictCounters> counters = new HashMap<>();
    private boolean isNew;
    private long newestFrame;
    private long sayAgainNs;

    VerdictReader(Node node, Set<Meter> meters) throws IOException {
        this.node = node;
        stream =
                node.publish(
                        StreamSpec.of(
                                LoopStreams.VERDICTS,
                                DType.U8,
                                MAX_TEACHERS * TeacherVerdict.MAX_LINE_BYTES));
        file =
                new StateFile<>(
                        node.state(),
                        LoopStreams.VERDICTS,
                        MAGIC,
                        VerdictPanel::readFrom,
                        VerdictPanel::writeTo);
        VerdictPanel kept = file.loadOr(() -> new VerdictPanel(meters), node::error);
        panel = kept.meters().equals(meters) ? kept : new VerdictPanel(meters);
        feed = new FrameFeed(panel::frame);
        sayAgainNs = System.nanoTime();
    }

    /** What is held of all teachers. */
    List<TeacherVerdict> held() {
        return panel.verdicts();
    }

    /**
     * Keeps what is usual of each teacher and where it stands for the evaluator's next life: else a
     * teacher in quarantine would be taken for a new one.
     */
    void save() throws IOException {
        file.save(panel);
    }

    /** Takes what a teacher said of a frame. */
    void said(long frame, Region region, String epoch, float[] tensor) {
        newestFrame = Math.max(newestFrame, frame);
        isNew |= feed.said(frame, region.name(), epoch, region.dim(), tensor) > 0;
    }

    /** Takes what the student says of a teacher's frame. */
    void predicted(long frame, String teacher, float[] prediction) {
        isNew |= feed.predicted(frame, teacher, prediction) > 0;
    }

    /** Publishes what has changed; what has not, now and then. */
    void turn(long nowNs) throws IOException {
        if (!isNew && nowNs - sayAgainNs < 0) {
            return;
        }
        retireWhoLeft();
        List<TeacherVerdict> verdicts = panel.verdicts();
        boolean hasChanged = false;
        for (TeacherVerdict verdict : verdicts) {
            TeacherVerdict before = told.put(verdict.teacher(), verdict);
            hasChanged |= before == null || !before.equals(verdict);
            counters.computeIfAbsent(
                            verdict.teacher(), name -> new VerdictCounters(node.counters(), name))
                    .show(verdict, panel.failedFrames(verdict.teacher()));
            if (isTurn(before, verdict)) {
                Map<String, Object> facts = facts(verdict);
                facts.put("frame", newestFrame);
                node.journal().append("verdict", facts);
            }
        }
        if (!verdicts.isEmpty() && (hasChanged || nowNs - sayAgainNs >= 0)) {
            publish(verdicts);
            sayAgainNs = nowNs + SAY_AGAIN_NS;
        }
        isNew = false;
    }

    private void retireWhoLeft() {
        for (PeerView peer : node.peers()) {
            if (peer.role().equals(Roles.TEACHER) && !peer.state().isHeld()) {
                panel.retire(peer.name());
            }
        }
    }

    /** Whether the verdict is another one, and not only surer. */
    private static boolean isTurn(TeacherVerdict before, TeacherVerdict verdict) {
        TeacherState state = before == null ? TeacherState.WARM_UP : before.state();
        VerdictCause cause = before == null ? VerdictCause.NOTHING : before.cause();
        return state != verdict.state() || cause != verdict.cause();
    }

    /** A verdict as facts for the journal. */
    static Map<String, Object> facts(TeacherVerdict verdict) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", verdict.teacher());
        facts.put("epoch", verdict.epoch());
        facts.put("state", verdict.state().text());
        facts.put("weight", verdict.weight());
        facts.put("cause", verdict.cause().name().toLowerCase(Locale.ROOT));
        facts.put("evidence", verdict.evidence());
        facts.put("failedFrom", verdict.failedFrom());
        facts.put("reason", verdict.reason());
        return facts;
    }

    private void publish(List<TeacherVerdict> verdicts) {
        List<TeacherVerdict> most = verdicts.subList(0, Math.min(MAX_TEACHERS, verdicts.size()));
        byte[] text = TeacherVerdict.text(most).getBytes(StandardCharsets.UTF_8);
        try (Claim claim = stream.claim().shape(text.length)) {
            MemorySegment.copy(text, 0, claim.payload(), ValueLayout.JAVA_BYTE, 0, text.length);
            claim.commit(newestFrame, System.nanoTime());
        }
    }
}
