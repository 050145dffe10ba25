package io.fluxfoam.evaluator.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.TeacherState;
import io.fluxfoam.distill.TeacherVerdict;
import io.fluxfoam.distill.VerdictCause;
import io.fluxfoam.evaluator.verdict.VerdictPanel.Said;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

class VerdictPanelTest {
    private static final int BEFORE = 600;
    private static final int CAUGHT_WITHIN = 200;

    /** What is right nine times of ten shows itself by its frequency only. */
    private static final int CAUGHT_WITHIN_IF_RARE = 400;

    private static final String VICTIM = "teacher-b";

    private VerdictPanel panel = new VerdictPanel();
    private TeacherTrio trio = new TeacherTrio(1);
    private Poison.Victim victim = new Poison.Victim(Poison.NOISE, 1);
    private long frame;

    private void frames(int count, boolean isPoisoned, boolean isStudentThere) {
        for (int i = 0; i < count; i++) {
            next(isPoisoned, isStudentThere);
        }
    }

    private void next(boolean isPoisoned, boolean isStudentThere) {
        Map<String, Said> said = trio.frame(isStudentThere);
        Said honest = said.get(VICTIM);
        float[] tensor = victim.say(honest.tensor(), isPoisoned);
        said.put(VICTIM, new Said(honest.epoch(), honest.dim(), tensor, honest.prediction()));
        panel.frame(++frame, said);
    }

    private TeacherVerdict verdict(String teacher) {
        return panel.verdicts().stream()
                .filter(one -> one.teacher().equals(teacher))
                .findFirst()
                .orElseThrow();
    }

    /** Frames until the victim is in quarantine; those that are honest must not be. */
    private void framesToQuarantine(boolean isStudentThere) {
        int count = 0;
        int most =
                victim.poison() == Poison.SOMETIMES_WRONG ? CAUGHT_WITHIN_IF_RARE : CAUGHT_WITHIN;
        while (verdict(VICTIM).state() != TeacherState.QUARANTINED) {
            assertTrue(count++ < most, "not caught: " + panel.verdicts());
            next(true, isStudentThere);
        }
        assertHonest("teacher-a");
        assertHonest("teacher-c");
    }

    private void assertHonest(String teacher) {
        assertTrue(verdict(teacher).weight() >= .8, panel.verdicts().toString());
    }

    @ParameterizedTest
    @EnumSource(Poison.class)
    void shouldCatchATeacherThatGoesWrongAndNoOther(Poison poison) {
        for (int seed = 1; seed <= 5; seed++) {
            panel = new VerdictPanel();
            trio = new TeacherTrio(seed);
            victim = new Poison.Victim(poison, seed);
            frame = 0;
            frames(BEFORE + 37 * seed, false, true);
            assertEquals(TeacherState.ACTIVE, verdict(VICTIM).state());
            long began = frame + 1;
            framesToQuarantine(true);
            TeacherVerdict caught = verdict(VICTIM);
            assertEquals(0, caught.weight());
            assertTrue(
                    caught.failedFrom() >= began - 32,
                    "what it said long before is blamed: began=" + began + " " + caught);
        }
    }

    /** With the student dead the teachers still have each other. */
    @ParameterizedTest
    @EnumSource(
            value = Poison.class,
            names = {"NOISE", "FROZEN", "PERMUTED", "STALE_BY_ONE", "ANOTHERS", "SCALED"})
    void shouldCatchItWithoutAStudent(Poison poison) {
        victim = new Poison.Victim(poison, 2);
        frames(BEFORE, false, false);
        framesToQuarantine(false);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldFindNothingWhereNothingIs(long seed) {
        trio = new TeacherTrio(seed);
        for (int i = 0; i < 8_000; i++) {
            next(false, true);
            for (TeacherVerdict verdict : panel.verdicts()) {
                assertTrue(verdict.weight() >= .8, "frame=" + frame + " " + verdict);
            }
        }
    }

    @Test
    void shouldBlameNobodyWhenTheWorldChanges() {
        frames(BEFORE, false, true);
        trio.changeWorld();
        for (int i = 0; i < 600; i++) {
            next(false, true);
            assertTrue(
                    panel.verdicts().stream()
                            .noneMatch(one -> one.state() == TeacherState.QUARANTINED),
                    "frame=" + frame + " " + panel.verdicts());
        }
        panel.verdicts().forEach(one -> assertHonest(one.teacher()));
    }

    @Test
    void shouldTrustATeacherAgainThatIsAsItWas() {
        victim = new Poison.Victim(Poison.PERMUTED, 1);
        frames(BEFORE, false, true);
        framesToQuarantine(true);
        frames(300, true, true);
        assertEquals(TeacherState.QUARANTINED, verdict(VICTIM).state());
        int count = 0;
        while (verdict(VICTIM).state() == TeacherState.QUARANTINED) {
            assertTrue(count++ < 300, panel.verdicts().toString());
            next(false, true);
        }
        assertTrue(count >= 64, "after " + count);
        assertEquals(TeacherVerdict.NONE, verdict(VICTIM).failedFrom());
    }

    @Test
    void shouldKnowAfterItsDeathWhoWasInQuarantineAndWhatWasUsual() throws IOException {
        victim = new Poison.Victim(Poison.SCALED, 1);
        frames(BEFORE, false, true);
        framesToQuarantine(true);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        panel.writeTo(new DataOutputStream(bytes));
        panel =
                VerdictPanel.readFrom(
                        new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        frames(300, true, true);
        assertEquals(TeacherState.QUARANTINED, verdict(VICTIM).state());
        frames(300, false, true);
        assertHonest(VICTIM);
        assertHonest("teacher-a");
    }

    @ParameterizedTest
    @CsvSource({"FROZEN, CHANGE", "SCALED, SCALE", "PERMUTED, AGREEMENT"})
    void shouldSeeWithOneMeterWhatIsItsOwnAndNothingElse(Poison poison, Meter meter)
            throws IOException {
        panel = new VerdictPanel(EnumSet.of(meter));
        victim = new Poison.Victim(poison, 1);
        frames(BEFORE, false, true);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        panel.writeTo(new DataOutputStream(bytes));
        assertEquals(
                EnumSet.of(meter),
                VerdictPanel.readFrom(
                                new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())))
                        .meters());
        framesToQuarantine(true);
        assertEquals(meter.cause(), verdict(VICTIM).cause());

        panel = new VerdictPanel(EnumSet.complementOf(EnumSet.of(meter)));
        trio = new TeacherTrio(1);
        victim = new Poison.Victim(poison, 1);
        frames(BEFORE + CAUGHT_WITHIN, false, true);
        frames(CAUGHT_WITHIN, true, true);
        assertNotEquals(meter.cause(), verdict(VICTIM).cause());
    }

    @Test
    void shouldRefuseAPanelThatWouldSeeNothing() {
        assertThrows(IllegalArgumentException.class, () -> new VerdictPanel(Set.of()));
        assertThrows(IOException.class, () -> Meter.of(0));
        assertThrows(IOException.class, () -> Meter.of(1 << Meter.values().length));
    }

    @Test
    void shouldBeginAnewWithATeacherOfAnotherEpoch() {
        victim = new Poison.Victim(Poison.SCALED, 1);
        frames(BEFORE, false, true);
        framesToQuarantine(true);
        Map<String, Said> said = trio.frame(true);
        Said old = said.get(VICTIM);
        said.put(VICTIM, new Said("2", old.dim(), old.tensor(), old.prediction()));
        panel.frame(++frame, said);
        assertEquals(TeacherState.WARM_UP, verdict(VICTIM).state());
        assertEquals("2", verdict(VICTIM).epoch());
    }

    @Test
    void shouldRefuseAFrameThatIsNoNumber() {
        frames(BEFORE, false, true);
        Map<String, Said> said = trio.frame(true);
        said.get(VICTIM).tensor()[3] = Float.NaN;
        panel.frame(++frame, said);
        assertEquals(TeacherState.ACTIVE, verdict(VICTIM).state());
        assertEquals(frame, verdict(VICTIM).failedFrames().getLast());
        for (int i = 0; i < 4; i++) {
            said = trio.frame(true);
            said.get(VICTIM).tensor()[i] = Float.POSITIVE_INFINITY;
            panel.frame(++frame, said);
        }
        assertEquals(TeacherState.QUARANTINED, verdict(VICTIM).state());
        assertEquals(VerdictCause.ODD_FRAMES, verdict(VICTIM).cause());
    }

    @Test
    void shouldReadBackWhatItSays() {
        frames(BEFORE, false, true);
        framesToQuarantine(true);
        assertEquals(
                TeacherVerdict.text(panel.verdicts()),
                TeacherVerdict.text(TeacherVerdict.parse(TeacherVerdict.text(panel.verdicts()))));
    }
}
