package io.fluxfoam.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.TeacherState;
import io.fluxfoam.distill.TeacherVerdict;
import io.fluxfoam.evaluator.TapeEvaluation.Alteration;
import io.fluxfoam.evaluator.TapeEvaluation.Turn;
import io.fluxfoam.evaluator.verdict.Poison;
import io.fluxfoam.tensor.FrameNumber;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Real teachers on a tape that was recorded, {@code -Dtape=DIR}, one of which goes wrong at a
 * random moment: how many frames it takes to find it, and that nobody else is blamed.
 * docs/VERDICTS.md has the command and the figures. Only what the teachers say is altered; what the
 * student says stays that of an honest foam, as it is in the first frames after a teacher went
 * wrong.
 */
@Tag("slow")
class PoisonedTapeTest {
    private static final int SEEDS = 5;
    private static final int EARLIEST = 600;
    private static final int AT_LEAST_AFTER = 250;
    private static final double HONEST_WEIGHT = .8;

    private Path tape;
    private long lastCounter;
    private Set<String> teachers;

    @BeforeEach
    void readHonestTape() throws IOException {
        tape = Path.of(System.getProperty("tape", "give -Dtape=DIR"));
        teachers = new TreeSet<>();
        TapeEvaluation honest =
                TapeEvaluation.of(
                        tape,
                        (teacher, frame, tensor) -> {
                            teachers.add(teacher);
                            lastCounter = Math.max(lastCounter, FrameNumber.counter(frame));
                            return tensor;
                        },
                        System.err::println);
        System.out.println("tape=" + tape + " frames=" + lastCounter + " teachers=" + teachers);
        honest.turns().forEach(turn -> System.out.println("honest: " + turn));
    }

    @Test
    void shouldFindNothingWrongWithAnHonestTape() throws IOException {
        TapeEvaluation honest = TapeEvaluation.of(tape, Alteration.NONE, System.err::println);
        assertEquals(
                List.of(),
                honest.turns().stream()
                        .filter(turn -> turn.verdict().state() == TeacherState.QUARANTINED)
                        .toList());
        assertEquals(
                honest.turns(),
                TapeEvaluation.of(tape, Alteration.NONE, System.err::println).turns(),
                "the same tape gives the same verdicts");
    }

    @Test
    void shouldFindEachPoisonInEachTeacher() throws IOException {
        List<String> missed = new ArrayList<>();
        for (Poison poison : Poison.values()) {
            for (String victim : teachers) {
                List<Integer> within = new ArrayList<>();
                for (int seed = 1; seed <= SEEDS; seed++) {
                    within.add(run(poison, victim, seed, missed));
                }
                System.out.println(
                        String.format(
                                Locale.ROOT, "%-16s %-16s frames=%s", poison, victim, within));
            }
        }
        assertTrue(missed.isEmpty(), String.join("\n", missed));
    }

    /** Frames from the first wrong one to the verdict; -1 if there was none. */
    private int run(Poison poison, String victim, int seed, List<String> missed)
            throws IOException {
        long from =
                EARLIEST
                        + new Random(seed * 31L + poison.ordinal())
                                .nextInt((int) lastCounter - EARLIEST - AT_LEAST_AFTER);
        Poison.Victim altered = new Poison.Victim(poison, seed);
        TapeEvaluation evaluation =
                TapeEvaluation.of(
                        tape,
                        (teacher, frame, tensor) ->
                                teacher.equals(victim)
                                        ? altered.say(tensor, FrameNumber.counter(frame) >= from)
                                        : tensor,
                        System.err::println);
        int within = -1;
        for (Turn turn : evaluation.turns()) {
            boolean isQuarantine = turn.verdict().state() == TeacherState.QUARANTINED;
            if (isQuarantine && !turn.verdict().teacher().equals(victim)) {
                missed.add(poison + " of " + victim + " seed=" + seed + " blames " + turn);
            } else if (isQuarantine && within < 0) {
                within = (int) (FrameNumber.counter(turn.frame()) - from);
            }
        }
        for (TeacherVerdict verdict : evaluation.verdicts()) {
            if (!verdict.teacher().equals(victim) && verdict.weight() < HONEST_WEIGHT) {
                missed.add(poison + " of " + victim + " seed=" + seed + " doubts " + verdict);
            }
        }
        if (within < 0 || within > 200) {
            missed.add(poison + " of " + victim + " seed=" + seed + " frames=" + within);
        }
        return within;
    }
}
