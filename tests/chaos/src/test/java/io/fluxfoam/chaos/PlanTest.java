package io.fluxfoam.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanTest {
    private static final Rhythm RHYTHM =
            Rhythm.of(Duration.ofSeconds(240), Duration.ofSeconds(60), Duration.ofSeconds(5));

    @TempDir Path directory;

    private static Plan random(long seed) {
        return Plan.random(seed, RHYTHM, List.of(Fault.KILL, Fault.STOP), List.of("a", "b", "c"), null);
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
        List<Torment> torments = random(1).torments();
        assertEquals(24, torments.size());
        assertTrue(torments.stream().allMatch(torment -> RHYTHM.windowAt(torment.atMillis()) % 2 == 1));
    }

    @Test
    void shouldReadWhatItWrote() throws IOException {
        Plan plan = random(3);
        assertEquals(plan, Plan.read(file(plan.text())));
    }

    @Test
    void shouldTakeCommentsAndOrderByTime() throws IOException {
        Plan plan = Plan.read(file("# a plan\n 9 kill-all # everybody\n\n1.5 stop sensor\n"));
        assertEquals(
                List.of(new Torment(1_500, Fault.STOP, "sensor"), new Torment(9_000, Fault.KILL_ALL, "*")),
                plan.torments());
    }

    @Test
    void shouldSayWhichLineIsWrong() throws IOException {
        for (String line : List.of("1 smash sensor", "x kill sensor", "1 kill", "1 kill ../etc", "-1 kill a", "1")) {
            Path file = file("0 kill-all\n" + line);
            String message = assertThrows(IllegalArgumentException.class, () -> Plan.read(file)).getMessage();
            assertTrue(message.contains("line=2"), message);
        }
    }

    @Test
    void shouldRefuseATargetThatIsNotThere() throws IOException {
        Plan plan = Plan.read(file("0 kill-all\n1 kill sensor\n2 coordinator-gone\n"));
        plan.requireTargets(List.of("sensor"), true);
        assertThrows(IllegalArgumentException.class, () -> plan.requireTargets(List.of("student"), true));
        assertThrows(IllegalArgumentException.class, () -> plan.requireTargets(List.of("sensor"), false));
        assertThrows(
                IllegalArgumentException.class,
                () -> Plan.random(1, RHYTHM, List.of(Fault.KILL, Fault.COORDINATOR_GONE), List.of("sensor"), null));
    }

    @Test
    void shouldKeepInMindWhatItDrops() {
        Plan plan = new Plan(List.of(new Torment(0, Fault.KILL, "a"), new Torment(1_000, Fault.KILL, "b")));
        PlannedAgenda written = new PlannedAgenda(plan, RHYTHM, true);
        assertEquals(plan.torments(), written.due(120_000));
        written.begun(plan.torments().getFirst());
        assertEquals(List.of(), written.due(121_001));
        assertEquals(List.of(plan.torments().getLast()), written.dropped());

        PlannedAgenda random = new PlannedAgenda(plan, RHYTHM, false);
        assertEquals(List.of(), random.due(RHYTHM.windowMillis()));
        assertEquals(List.of(), random.dropped());
    }

    @Test
    void shouldRefuseATimeTooShortForTwoWindows() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Rhythm.of(Duration.ofMillis(1), Duration.ofSeconds(60), Duration.ofSeconds(5)));
        assertEquals(2, Rhythm.of(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(5)).windows());
    }
}
