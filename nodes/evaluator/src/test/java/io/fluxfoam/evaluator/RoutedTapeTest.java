package io.fluxfoam.evaluator;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.JudgeReliability;
import io.fluxfoam.distill.Routing;
import io.fluxfoam.distill.TeacherState;
import io.fluxfoam.distill.TeacherVerdict;
import io.fluxfoam.evaluator.gold.JudgeTable;
import io.fluxfoam.evaluator.verdict.Meter;
import io.fluxfoam.evaluator.verdict.Poison;
import io.fluxfoam.evaluator.verdict.VerdictPanel;
import io.fluxfoam.tensor.FrameNumber;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Six evaluators, each with one meter and no other, on a tape ({@code -Dtape=DIR}) one teacher of
 * which goes wrong in its middle: whoever is asked by measured reliability, against the one that
 * turned out best on that teacher, against any of them, and against the severest of all.
 * docs/VERDICTS.md has the figures.
 */
@Tag("slow")
class RoutedTapeTest {
    private static final int FROM = 1_000;
    private static final double OF_THE_ORACLE = .95;

    /** How right each way of asking was, on one teacher. */
    private static final class Score {
        private final Map<String, Double> judges = new TreeMap<>();
        private double routed;
        private double ofTwo;
        private double severest;
        private long calls;
        private long asked;

        private void add(Map<String, Double> weights, List<String> chosen, boolean isHonest) {
            if (chosen.isEmpty()) {
                return;
            }
            weights.forEach(
                    (judge, weight) -> judges.merge(judge, right(weight, isHonest), Double::sum));
            routed += right(least(weights, chosen), isHonest);
            List<String> two = chosen.subList(0, Math.min(2, chosen.size()));
            ofTwo += right(least(weights, two), isHonest);
            severest += right(least(weights, weights.keySet()), isHonest);
            calls += chosen.size();
            asked++;
        }

        private static double least(Map<String, Double> weights, Iterable<String> chosen) {
            double least = 1;
            for (String judge : chosen) {
                least = Math.min(least, weights.getOrDefault(judge, 1.0));
            }
            return least;
        }

        private static double right(double weight, boolean isHonest) {
            return isHonest ? weight : 1 - weight;
        }

        private double best() {
            return judges.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
        }

        private double any() {
            return judges.values().stream().mapToDouble(Double::doubleValue).average().orElse(0);
        }
    }

    /** The six, and how right they were on each teacher of one tape. */
    private static final class Specialists implements TapeEvaluation.Judging {
        private final Map<String, VerdictPanel> panels = new TreeMap<>();
        private final Map<String, Score> all = new TreeMap<>();
        private final Map<String, Score> victims = new TreeMap<>();
        private final String victim;
        private long newestFrame;

        private Specialists(String victim) {
            this.victim = victim;
            for (Meter meter : Meter.all()) {
                panels.put(
                        meter.name().toLowerCase(Locale.ROOT), new VerdictPanel(EnumSet.of(meter)));
            }
        }

        @Override
        public void frame(long frameNumber, Map<String, VerdictPanel.Said> said) {
            newestFrame = frameNumber;
            panels.values().forEach(panel -> panel.frame(frameNumber, said));
        }

        @Override
        public void said(JudgeTable table, List<TeacherVerdict> verdicts) {
            panels.forEach((judge, panel) -> table.said(judge, panel.verdicts()));
            for (TeacherVerdict verdict : verdicts) {
                if (verdict.state() != TeacherState.WARM_UP) {
                    score(table, verdict.teacher());
                }
            }
        }

        private void score(JudgeTable table, String teacher) {
            Map<String, Double> weights = new TreeMap<>();
            panels.forEach((judge, panel) ->
                    panel.verdicts().stream()
                            .filter(one -> one.teacher().equals(teacher))
                            .forEach(one -> weights.put(judge, one.weight())));
            Map<String, Double> reliabilities = new TreeMap<>(table.overall());
            for (JudgeReliability one : table.reliabilities()) {
                if (one.teacher().equals(teacher)) {
                    reliabilities.put(one.judge(), one.reliability());
                }
            }
            List<String> asked = Routing.asked(reliabilities);
            boolean isWrong = teacher.equals(victim) && FrameNumber.counter(newestFrame) >= FROM;
            all.computeIfAbsent(teacher, _ -> new Score()).add(weights, asked, !isWrong);
            if (isWrong) {
                victims.computeIfAbsent(teacher, _ -> new Score()).add(weights, asked, false);
            }
        }
    }

    /** Sums of the scores of several teachers. */
    private static final class Sum {
        private double routed;
        private double oracle;
        private double any;
        private double ofTwo;
        private double severest;
        private long calls;
        private long asked;

        private void add(Score score) {
            routed += score.routed;
            oracle += score.best();
            any += score.any();
            ofTwo += score.ofTwo;
            severest += score.severest;
            calls += score.calls;
            asked += score.asked;
        }

        private double ofOracle() {
            return routed / oracle;
        }

        private String text() {
            return String.format(
                    Locale.ROOT,
                    "oracle %.3f, routed %.3f (%.1f%% of it), by two at most %.3f, any %.3f,"
                            + " severest of all six %.3f; %.2f of 6 asked",
                    oracle / asked,
                    routed / asked,
                    100 * ofOracle(),
                    ofTwo / asked,
                    any / asked,
                    severest / asked,
                    (double) calls / asked);
        }
    }

    @Test
    void shouldAskTheOneThatSeesWhatIsWrong() throws IOException {
        Path tape = Path.of(System.getProperty("tape", "give -Dtape=DIR"));
        Sum all = new Sum();
        Sum wrong = new Sum();
        for (Poison poison : Poison.values()) {
            Sum ofPoison = new Sum();
            for (String victim : Set.of("teacher-llm", "teacher-vision", "teacher-whisper")) {
                Poison.Victim altered = new Poison.Victim(poison, 1);
                Specialists specialists = new Specialists(victim);
                TapeEvaluation.of(
                        tape,
                        (teacher, frame, tensor) ->
                                teacher.equals(victim)
                                        ? altered.say(tensor, FrameNumber.counter(frame) >= FROM)
                                        : tensor,
                        specialists,
                        System.err::println);
                specialists.all.values().forEach(all::add);
                specialists
                        .victims
                        .values()
                        .forEach(score -> {
                            wrong.add(score);
                            ofPoison.add(score);
                        });
            }
            System.out.println(poison + ", the teacher that went wrong: " + ofPoison.text());
        }
        System.out.println("all teachers, whole tape: " + all.text());
        System.out.println("teachers that went wrong, from then on: " + wrong.text());
        assertTrue(all.ofOracle() >= OF_THE_ORACLE, all.text());
    }
}
