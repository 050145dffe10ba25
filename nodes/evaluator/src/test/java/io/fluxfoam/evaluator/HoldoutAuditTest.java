package io.fluxfoam.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fluxfoam.evaluator.HoldoutAudit.Tally;
import io.fluxfoam.tensor.FrameNumber;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

class HoldoutAuditTest {
    private static final long FOAM = 1_790_000_000_000L;

    private final HoldoutAudit audit = new HoldoutAudit();

    @Test
    void shouldCountAStepOnceThatComesAgain() {
        audit.step(1, 1, step(1, 0, 5));
        audit.step(1, 1, step(1, 0, 5));
        assertEquals(new Tally(2, 0, 1), audit.tally());
    }

    @Test
    void shouldPassStepsOfTrainFrames() {
        audit.step(1, 1, step(1, 0, 1, 3, 4));
        audit.step(1, 2, step(2, 4, 4, 6, 7));
        assertEquals(new Tally(8, 0, 0), audit.tally());
    }

    @Test
    void shouldCatchAnInjectedHoldoutFrame() {
        audit.step(1, 1, step(1, 0, 1, 3, 4));
        assertEquals(1, audit.step(1, 2, step(2, 0, 5, 3, 4)));
        audit.step(1, 3, step(3, 0, 1, 3, 4));
        assertEquals(new Tally(12, 0, 1), audit.tally());
    }

    @Test
    void shouldApplyTheRuleToTheCounterWhateverTheSensorsIncarnation() {
        assertEquals(1, audit.step(1, 1, new long[] {1, FrameNumber.of(77, 3_000_002)}));
        assertEquals(0, audit.step(1, 2, new long[] {2, FrameNumber.of(78, 3_000_001)}));
    }

    @Test
    void shouldCountWhatWasTrainedBeforeItJoined() {
        audit.step(1, 5, step(5, 0, 1));
        assertEquals(new Tally(2, 8, 0), audit.tally());
    }

    @Test
    void shouldCountStepsThatWereLapped() {
        audit.step(1, 1, step(1, 0, 1));
        audit.step(1, 11, step(11, 0, 1));
        assertEquals(new Tally(4, 18, 0), audit.tally());
    }

    @Test
    void shouldCountStepsThatTheStudentDidNotPublish() {
        audit.step(1, 1, step(1, 0, 1));
        audit.step(1, 2, step(4, 0, 1));
        assertEquals(new Tally(4, 4, 0), audit.tally());
    }

    @Test
    void shouldNotMissStepsThatARestartTookBack() {
        audit.step(1, 1, step(1, 0, 1));
        audit.step(1, 2, step(2, 0, 1));
        audit.step(1, 3, step(3, 0, 1));
        audit.step(2, 1, step(2, 0, 1));
        audit.step(2, 2, step(3, 0, 1));
        assertEquals(new Tally(10, 0, 0), audit.tally());
    }

    @Test
    void shouldCountUnseenStepsThatARestartKept() {
        audit.step(1, 1, step(1, 0, 1));
        audit.step(2, 1, step(7, 0, 1));
        assertEquals(new Tally(4, 2 * 5, 0), audit.tally());
    }

    @Test
    void shouldCountUnseenStepsOfANewIncarnationBelowTheLastStep() {
        for (int i = 1; i <= 10; i++) {
            audit.step(1, i, step(i, 0, 1));
        }
        audit.step(2, 4, step(9, 0, 1));
        assertEquals(new Tally(22, 2 * 3, 0), audit.tally());
    }

    @Test
    void shouldRefuseAStepWithoutNumber() {
        assertThrows(IllegalArgumentException.class, () -> audit.step(1, 1, new long[0]));
        assertThrows(IllegalArgumentException.class, () -> audit.step(1, 1, new long[] {0, 1}));
        assertEquals(Tally.ZERO, audit.tally());
    }

    @Test
    void shouldGoOnAfterARestartOfTheEvaluator(@TempDir Path state) throws IOException {
        AuditFile file = new AuditFile(state, FOAM);
        audit.step(3, 7, step(7, 0, 5));
        file.save(file.load());
        file.save(audit);
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(state.resolve("audit"))));
        HoldoutAudit loaded = file.load();
        loaded.step(3, 10, step(10, 0, 1));
        assertEquals(new Tally(4, 2 * 6 + 2 * 2, 1), loaded.tally());
    }

    /**
     * A state that outlives its foam: the student has incarnation 1 again, and its stream begins
     * with 1.
     */
    @Test
    void shouldAuditTheNextFoamFromItsFirstStepAndKeepTheCounts(@TempDir Path state)
            throws IOException {
        for (int i = 1; i <= 500; i++) {
            audit.step(1, i, step(i, 0, 1));
        }
        new AuditFile(state, FOAM).save(audit);
        AuditFile next = new AuditFile(state, FOAM + 1);
        HoldoutAudit loaded = next.load();
        assertEquals(new Tally(1000, 0, 0), loaded.tally());
        assertEquals(1, loaded.step(1, 1, step(501, 0, 5)));
        assertEquals(new Tally(1002, 0, 1), loaded.tally());
        next.save(loaded);
        assertEquals(0, next.load().step(1, 1, step(501, 0, 5)), "taken in this foam");
    }

    @Test
    void shouldMissInTheNextFoamWhatWasTrainedUnseen(@TempDir Path state) throws IOException {
        audit.step(1, 1, step(1, 0, 1));
        new AuditFile(state, FOAM).save(audit);
        HoldoutAudit loaded = new AuditFile(state, FOAM + 1).load();
        loaded.step(1, 1, step(7, 0, 1));
        assertEquals(new Tally(4, 2 * 5, 0), loaded.tally());
        loaded = new AuditFile(state, FOAM + 1).load();
        loaded.step(1, 1, step(1, 0, 1));
        assertEquals(new Tally(4, 0, 0), loaded.tally(), "a student that began anew");
    }

    @Test
    void shouldNotTakeADamagedAuditForANewOne(@TempDir Path state) throws IOException {
        for (String text :
                new String[] {
                    "",
                    "audit 2",
                    "audit 1 1 2 3 4 5 6\n",
                    "audit 2 1 2 3 4 5 6 x\n",
                    "a".repeat(99)
                }) {
            Files.writeString(state.resolve("audit"), text);
            assertThrows(IOException.class, () -> new AuditFile(state, FOAM).load(), text);
        }
    }

    private static long[] step(long step, long... counters) {
        long[] values = new long[1 + counters.length];
        values[0] = step;
        for (int i = 0; i < counters.length; i++) {
            values[1 + i] = FrameNumber.of(2, counters[i]);
        }
        return values;
    }
}
