package io.fluxfoam.evaluator.gold;

import io.fluxfoam.distill.JudgeReliability;
import io.fluxfoam.distill.TeacherState;
import io.fluxfoam.distill.TeacherVerdict;
import io.fluxfoam.evaluator.gold.HeldOutTruth.Finding;

import org.jspecify.annotations.Nullable;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How reliable each evaluator is on each teacher. What it said when a block of held-out frames was
 * over is held against what that block says, once the teacher's next block has shown whether the
 * others have changed too: then it was the world, and nothing is learned of anybody.
 */
public final class JudgeTable {
    private static final int MOST_JUDGES = 64;
    private static final int MOST_TEACHERS = 64;

    private final Map<String, Judge> judges = new TreeMap<>();
    private final Map<String, Taught> teachers = new TreeMap<>();

    /** An evaluator. */
    private static final class Judge {
        private Reliability overall = new Reliability();
        private final Map<String, Reliability> byTeacher = new TreeMap<>();
        private final Map<String, Double> weights = new TreeMap<>();

        private double overall() {
            return overall.mean(JudgeReliability.UNKNOWN);
        }
    }

    /** A teacher, what its last two blocks said, and what evaluators held of it after the last. */
    private static final class Taught {
        private final HeldOutTruth truth;
        private @Nullable Finding finding;
        private @Nullable Finding findingBefore;
        private Map<String, Double> weights = Map.of();

        private Taught(HeldOutTruth truth) {
            this.truth = truth;
        }
    }

    /** What an evaluator holds of the teachers from now on; it holds nothing of those left out. */
    public void said(String judge, List<TeacherVerdict> verdicts) {
        if (!judges.containsKey(judge) && judges.size() == MOST_JUDGES) {
            return;
        }
        Map<String, Double> weights = judges.computeIfAbsent(judge, _ -> new Judge()).weights;
        weights.clear();
        for (TeacherVerdict verdict : verdicts) {
            if (verdict.state() != TeacherState.WARM_UP
                    && verdict.state() != TeacherState.RETIRED) {
                weights.put(verdict.teacher(), verdict.weight());
            }
        }
    }

    /**
     * Of all evaluators but these nothing is heard: until they speak again they are not measured.
     */
    public void silenceAllBut(Set<String> speaking) {
        judges.forEach((name, judge) -> {
            if (!speaking.contains(name)) {
                judge.weights.clear();
            }
        });
    }

    /**
     * Takes what a teacher said of a held-out frame, and what the student had predicted, both in
     * the teacher's units.
     *
     * @param dim values of a row
     * @return whether anything is known better now
     */
    public boolean heldOut(String teacher, int dim, float[] predicted, float[] said) {
        Taught taught = teachers.get(teacher);
        if (taught == null || !taught.truth.fits(said.length, dim)) {
            if (taught == null && teachers.size() == MOST_TEACHERS) {
                return false;
            }
            taught = new Taught(new HeldOutTruth(said.length, dim));
            teachers.put(teacher, taught);
        }
        Finding now = taught.truth.add(predicted, said);
        if (now == null) {
            return false;
        }
        boolean isLearned = settle(teacher, taught, now);
        taught.findingBefore = taught.finding;
        taught.finding = now;
        taught.weights = weights(teacher);
        return isLearned;
    }

    private boolean settle(String teacher, Taught taught, Finding now) {
        Finding before = taught.finding;
        if (before == null || before == Finding.UNKNOWN) {
            return false;
        }
        if (before == Finding.CHANGED && isOfTheWorld()) {
            if (now == Finding.CHANGED) {
                taught.truth.forget();
            }
            return false;
        }
        taught.weights.forEach((judge, weight) -> {
            Judge known = judges.get(judge);
            if (known != null) {
                double share = before == Finding.AS_USUAL ? weight : 1 - weight;
                known.overall.learn(share);
                known.byTeacher.computeIfAbsent(teacher, _ -> new Reliability()).learn(share);
            }
        });
        return !taught.weights.isEmpty();
    }

    /** Whether half of the teachers, and more than one, have changed of late. */
    private boolean isOfTheWorld() {
        long changed =
                teachers.values().stream()
                        .filter(each ->
                                each.finding == Finding.CHANGED
                                        || each.findingBefore == Finding.CHANGED)
                        .count();
        return changed > 1 && 2 * changed >= teachers.size();
    }

    private Map<String, Double> weights(String teacher) {
        Map<String, Double> weights = new TreeMap<>();
        judges.forEach((name, judge) -> {
            Double weight = judge.weights.get(teacher);
            if (weight != null) {
                weights.put(name, weight);
            }
        });
        return weights;
    }

    /** Of each evaluator on each teacher on which it was measured. */
    public List<JudgeReliability> reliabilities() {
        List<JudgeReliability> all = new ArrayList<>();
        judges.forEach((name, judge) ->
                judge.byTeacher.forEach((teacher, known) ->
                        all.add(
                                new JudgeReliability(
                                        name,
                                        teacher,
                                        known.mean(judge.overall()),
                                        known.golds()))));
        return all;
    }

    /** How reliable each evaluator is on all teachers together. */
    public Map<String, Double> overall() {
        Map<String, Double> all = new TreeMap<>();
        judges.forEach((name, judge) -> all.put(name, judge.overall()));
        return all;
    }

    /** Writes what is known of all evaluators. */
    public void writeTo(DataOutput out) throws IOException {
        out.writeInt(judges.size());
        for (Map.Entry<String, Judge> each : judges.entrySet()) {
            Judge judge = each.getValue();
            out.writeUTF(each.getKey());
            judge.overall.writeTo(out);
            out.writeInt(judge.byTeacher.size());
            for (Map.Entry<String, Reliability> on : judge.byTeacher.entrySet()) {
                out.writeUTF(on.getKey());
                on.getValue().writeTo(out);
            }
        }
    }

    /**
     * Reads what {@link #writeTo} wrote.
     *
     * @throws IOException if it cannot have been
     */
    public static JudgeTable readFrom(DataInput in) throws IOException {
        JudgeTable table = new JudgeTable();
        int count = count(in, MOST_JUDGES);
        for (int i = 0; i < count; i++) {
            Judge judge = new Judge();
            table.judges.put(in.readUTF(), judge);
            judge.overall = Reliability.readFrom(in);
            int onTeachers = count(in, MOST_TEACHERS);
            for (int k = 0; k < onTeachers; k++) {
                judge.byTeacher.put(in.readUTF(), Reliability.readFrom(in));
            }
        }
        return table;
    }

    private static int count(DataInput in, int most) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > most) {
            throw new IOException("count=" + count + " most=" + most);
        }
        return count;
    }
}
