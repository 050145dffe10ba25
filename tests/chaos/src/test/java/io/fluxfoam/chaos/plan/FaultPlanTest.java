package io.fluxfoam.chaos.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

class FaultPlanTest {
    private static final WindowSchedule RHYTHM =
            WindowSchedule.of(
                    Duration.ofSeconds(240), Duration.ofSeconds(60), Duration.ofSeconds(5));

    @TempDir Path directory;

    private static FaultPlan random(long seed) {
        return FaultPlan.random(
                seed,
                RHYTHM,
                List.of(FaultKind.KILL, FaultKind.STOP),
                List.of("a", "b", "c"),
                null);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("plan"), text);
    }

    @Test
    void shouldGiveTheSamePlanForTheSameSeed() {
        assertEquals(random(7), random(7));
        assertNotEquals(random(7), random(8));
    }

    @Test
    void shouldLeaveEverySecondWindowInPeace() {
        List<ScheduledFault> faults = random(1).faults();
        assertEquals(24, faults.size());
        assertTrue(faults.stream().allMatch(fault -> RHYTHM.windowAt(fault.atMillis()) % 2 == 1));
    }

    @Test
    void shouldReadWhatItWrote() throws IOException {
        FaultPlan plan = random(3);
        assertEquals(plan, FaultPlan.read(file(plan.text())));
    }

    @Test
    void shouldTakeCommentsAndOrderByTime() throws IOException {
        FaultPlan plan =
                FaultPlan.read(file("# a plan\n 9 kill-all # everybody\n\n1.5 stop sensor\n"));
        assertEquals(
                List.of(
                        new ScheduledFault(1_500, FaultKind.STOP, "sensor"),
                        new ScheduledFault(9_000, FaultKind.KILL_ALL, "*")),
                plan.faults());
    }

    @Test
    void shouldSayWhichLineIsWrong() throws IOException {
        for (String line :
                List.of(
                        "1 smash sensor",
                        "x kill sensor",
                        "1 kill",
                        "1 kill ../etc",
                        "-1 kill a",
                        "1")) {
            Path file = file("0 kill-all\n" + line);
            String message =
                    assertThrows(IllegalArgumentException.class, () -> FaultPlan.read(file))
                            .getMessage();
            assertTrue(message.contains("line=2"), message);
        }
    }

    @Test
    void shouldRefuseATargetThatIsNotThere() throws IOException {
        FaultPlan plan = FaultPlan.read(file("0 kill-all\n1 kill sensor\n2 coordinator-gone\n"));
        plan.requireTargets(List.of("sensor"), true);
        assertThrows(
                IllegalArgumentException.class,
                () -> plan.requireTargets(List.of("student"), true));
        assertThrows(
                IllegalArgumentException.class,
                () -> plan.requireTargets(List.of("sensor"), false));
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        FaultPlan.random(
                                1,
                                RHYTHM,
                                List.of(FaultKind.KILL, FaultKind.COORDINATOR_GONE),
                                List.of("sensor"),
                                null));
    }

    @Test
    void shouldKeepInMindWhatItDrops() {
        FaultPlan plan =
                new FaultPlan(
                        List.of(
                                new ScheduledFault(0, FaultKind.KILL, "a"),
                                new ScheduledFault(1_000, FaultKind.KILL, "b")));
        PlannedSchedule written = new PlannedSchedule(plan, RHYTHM, true);
        assertEquals(plan.faults(), written.due(120_000));
        written.begun(plan.faults().getFirst());
        assertEquals(List.of(), written.due(121_001));
        assertEquals(List.of(plan.faults().getLast()), written.dropped());

        PlannedSchedule random = new PlannedSchedule(plan, RHYTHM, false);
        assertEquals(List.of(), random.due(RHYTHM.windowMillis()));
        assertEquals(List.of(), random.dropped());
    }

    @Test
    void shouldRefuseATimeTooShortForTwoWindows() {
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        WindowSchedule.of(
                                Duration.ofMillis(1),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(5)));
        assertEquals(
                2,
                WindowSchedule.of(
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(5))
                        .windows());
    }
}
