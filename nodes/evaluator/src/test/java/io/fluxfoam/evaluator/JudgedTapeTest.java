package io.fluxfoam.evaluator;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.JudgeReliability;
import io.fluxfoam.distill.Routing;
import io.fluxfoam.distill.TeacherState;
import io.fluxfoam.distill.TeacherVerdict;
import io.fluxfoam.distill.VerdictCause;
import io.fluxfoam.evaluator.TapeEvaluation.Judging;
import io.fluxfoam.evaluator.gold.JudgeTable;
import io.fluxfoam.evaluator.verdict.Poison;
import io.fluxfoam.tensor.FrameNumber;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who would be believed: the panel beside one that says the opposite, one that suspects everybody
 * and one that suspects nobody, each measured by the held-out frames of a tape ({@code -Dtape=DIR})
 * one teacher of which goes wrong in its middle. docs/VERDICTS.md has the figures.
 */
@Tag("slow")
class JudgedTapeTest {
    private static final int FROM = 1_000;

    @Test
    void shouldBelieveThePanelAndNotTheOthers() throws IOException {
        Path tape = Path.of(System.getProperty("tape", "give -Dtape=DIR"));
        List<String> wrong = new ArrayList<>();
        for (Poison poison : Poison.values()) {
            for (String victim : List.of("teacher-llm", "teacher-vision", "teacher-whisper")) {
                Poison.Victim altered = new Poison.Victim(poison, 1);
                TapeEvaluation evaluation =
                        TapeEvaluation.of(
                                tape,
                                (teacher, frame, tensor) ->
                                        teacher.equals(victim)
                                                ? altered.say(
                                                        tensor, FrameNumber.counter(frame) >= FROM)
                                                : tensor,
                                JudgedTapeTest::all,
                                System.err::println);
                Map<String, Map<String, Double>> byTeacher = new TreeMap<>();
                for (JudgeReliability one : evaluation.reliabilities()) {
                    byTeacher
                            .computeIfAbsent(one.teacher(), _ -> new TreeMap<>())
                            .put(one.judge(), one.reliability());
                }
                byTeacher.forEach((teacher, judges) -> {
                    System.out.printf(
                            Locale.ROOT,
                            "%s of %s, on %s: %s asked=%s%n",
                            poison,
                            victim,
                            teacher,
                            judges,
                            Routing.asked(judges));
                    if (!Routing.asked(judges).contains("panel")) {
                        wrong.add(poison + " of " + victim + " on " + teacher + " " + judges);
                    }
                });
            }
        }
        assertTrue(wrong.isEmpty(), String.join("\n", wrong));
    }

    private static void all(JudgeTable table, List<TeacherVerdict> verdicts) {
        Judging.PANEL.said(table, verdicts);
        table.said("liar", verdicts.stream().map(JudgedTapeTest::opposite).toList());
        table.said(
                "suspicious",
                verdicts.stream().map(one -> with(one, TeacherState.QUARANTINED, 0)).toList());
        table.said(
                "trusting",
                verdicts.stream().map(one -> with(one, TeacherState.ACTIVE, 1)).toList());
    }

    private static TeacherVerdict opposite(TeacherVerdict verdict) {
        return verdict.state() == TeacherState.QUARANTINED
                ? with(verdict, TeacherState.ACTIVE, 1)
                : with(verdict, TeacherState.QUARANTINED, 0);
    }

    private static TeacherVerdict with(TeacherVerdict verdict, TeacherState state, double weight) {
        return new TeacherVerdict(
                verdict.teacher(),
                verdict.epoch(),
                verdict.state() == TeacherState.WARM_UP ? TeacherState.WARM_UP : state,
                weight,
                VerdictCause.NOTHING,
                0,
                TeacherVerdict.NONE,
                List.of());
    }
}
