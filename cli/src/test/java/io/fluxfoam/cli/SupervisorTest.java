package io.fluxfoam.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.counters.Counters;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.Mark;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Real processes under a clock of our own. */
@Timeout(60)
class SupervisorTest {
    private static final long MS = 1_000_000;

    @TempDir Path directory;
    private final List<String> events = new ArrayList<>();
    private FoamDirectory foam;
    private Supervisor supervisor;

    @BeforeEach
    void createFoam() throws IOException {
        foam = FoamDirectory.create(directory.resolve("foam"));
        supervisor = supervisor(true);
    }

    @AfterEach
    void stopAll() throws InterruptedException {
        supervisor.stopAll(0);
    }

    @Test
    void shouldStartAgainWhatDiesAfterItsPause() {
        add("exit 3");
        assertEquals("died (exit code 3), again in 0.1 s", nextEnd(0));
        assertEquals(0, supervisor.doWork(99 * MS), "too early");
        assertEquals(1, supervisor.doWork(100 * MS));
        assertEquals("died (exit code 3), again in 0.2 s", nextEnd(100 * MS));
        assertEquals(0, supervisor.doWork(299 * MS), "too early");
        assertEquals(1, supervisor.doWork(300 * MS));
        assertTrue(supervisor.hasWork());
    }

    @Test
    void shouldForgetThePausesAfterALongLife() {
        add("exit 3");
        nextEnd(0);
        supervisor.doWork(100 * MS);
        assertEquals(
                "died (exit code 3), again in 0.1 s", nextEnd(100 * MS + Backoff.LONG_LIFE_NS));
    }

    @Test
    void shouldNotStartAgainWhatEndedCleanly() {
        add("exit 0");
        assertEquals("stopped", nextEnd(0));
        assertEquals(0, supervisor.doWork(Long.MAX_VALUE / 2));
        assertFalse(supervisor.hasWork());
    }

    @Test
    void shouldNotStartAgainIfToldSo() {
        supervisor = supervisor(false);
        add("exit 3");
        assertEquals("died (exit code 3)", nextEnd(0));
        assertFalse(supervisor.hasWork());
    }

    @Test
    void shouldNameTheSignalThatKilled() {
        add("kill -9 $$");
        assertEquals("died (SIGKILL), again in 0.1 s", nextEnd(0));
    }

    @Test
    void shouldGiveTheLastWordsOfWhatFailed() {
        add("echo loading; echo no such model: x.onnx; exit 1");
        assertEquals("died (exit code 1, no such model: x.onnx), again in 0.1 s", nextEnd(0));
    }

    @Test
    void shouldGiveTheNewestErrorOfWhatDied() throws IOException {
        long incarnation;
        try (Mark mark = Mark.acquire(foam, "node", "toy", "host", new String[0])) {
            incarnation = mark.incarnation();
        }
        Counters counters =
                Counters.create(foam.file("node", incarnation, "counters"), incarnation);
        counters.record(new IOException("no such model: " + "\u001b[2Jx".repeat(200)));
        add("echo something else; exit 3");
        String event = nextEnd(0);
        assertTrue(
                event.startsWith("died (exit code 3, java.io.IOException: no such model: ?[2Jx"),
                event);
        assertTrue(event.length() < 400 && event.endsWith("…), again in 0.1 s"), event);
    }

    @Test
    void shouldLetTheLastWordsOfWhatStopsBeHeard() throws Exception {
        add("trap 'echo going; exit 0' TERM; touch " + ready() + "; while :; do sleep 0.01; done");
        awaitReady();
        supervisor.stopAll(60_000 * MS);
        assertEquals("going\n", Files.readString(foam.path().resolve("node.log")));
    }

    @Test
    void shouldNameWhatSigtermEnded() throws Exception {
        add("touch " + ready() + "; while :; do sleep 0.01; done");
        awaitReady();
        assertEquals(Set.of("node"), supervisor.stopAll(60_000 * MS).keySet());
        assertEquals("stopped", events.getLast());
    }

    @Test
    void shouldNameWhatLeftCleanlyWhenAsked() throws Exception {
        add("trap 'exit 0' TERM; touch " + ready() + "; while :; do sleep 0.01; done");
        awaitReady();
        assertEquals(Set.of("node"), supervisor.stopAll(60_000 * MS).keySet());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "at jdk.internal.misc.VM.initLevel(java.base@25.0.3/VM.java:64)",
                "at java.lang.System.initPhase3(java.base@25.0.3/System.java:1984)"
            })
    void shouldNameWhatWasAskedBeforeItsJvmWasUp(String last) throws Exception {
        add(
                "trap 'echo \""
                        + last
                        + "\"; exit 1' TERM; touch "
                        + ready()
                        + "; while :; do sleep 0.01; done");
        awaitReady();
        assertEquals(Set.of("node"), supervisor.stopAll(60_000 * MS).keySet());
        assertEquals("stopped", events.getLast());
    }

    @Test
    void shouldNotNameWhatFailedWhenAsked() throws Exception {
        add("trap 'exit 3' TERM; touch " + ready() + "; while :; do sleep 0.01; done");
        awaitReady();
        assertEquals(Set.of(), supervisor.stopAll(60_000 * MS).keySet());
        assertEquals("died (exit code 3)", events.getLast());
    }

    @Test
    void shouldKeepTryingWhatCannotBeStarted() {
        supervisor.add(
                new NodeLaunch("node", List.of(directory.resolve("missing").toString()), Map.of()),
                0);
        supervisor.doWork(0);
        assertTrue(events.getFirst().endsWith(", again in 0.1 s"), events::toString);
        assertTrue(supervisor.hasWork());
    }

    @Test
    void shouldUseTheNewCommandFromTheNextStartOn() {
        add("exit 3");
        nextEnd(0);
        supervisor.relaunchWith(launch("exit 4"));
        supervisor.doWork(100 * MS);
        assertEquals("died (exit code 4), again in 0.2 s", nextEnd(100 * MS));
    }

    @Test
    void shouldWaitBeforeItReplacesWhatStoodByWhileTheOtherOneLives() throws Exception {
        add("touch " + ready() + "; while :; do sleep 0.01; done");
        awaitReady();
        supervisor.add(launch("exit 3").second(), 0);
        supervisor.doWork(0);
        assertEquals("died (exit code 3), the other one lives, again in 1.0 s", nextEnd(0));
        assertEquals(0, supervisor.doWork(999 * MS), "too early");
        assertEquals(1, supervisor.doWork(1_000 * MS));
        supervisor.stopAll(60_000 * MS);
        assertFalse(supervisor.hasWork());
    }

    @Test
    void shouldStopWhatRuns() throws Exception {
        add("trap 'exit 0' TERM; touch " + ready() + "; while :; do sleep 0.01; done");
        awaitReady();
        supervisor.stopAll(60_000 * MS);
        assertEquals("stopped", events.getLast());
        assertFalse(supervisor.hasWork());
    }

    @Test
    void shouldKillWhatDoesNotStop() throws Exception {
        add("trap '' TERM; touch " + ready() + "; while :; do sleep 0.01; done");
        awaitReady();
        supervisor.stopAll(100 * MS);
        assertTrue(events.getLast().startsWith("killed: "), events::toString);
        assertFalse(supervisor.hasWork());
    }

    private Supervisor supervisor(boolean respawn) {
        return new Supervisor(foam, respawn, (node, event) -> events.add(event));
    }

    private void add(String script) {
        supervisor.add(launch(script), 0);
        supervisor.doWork(0);
    }

    private static NodeLaunch launch(String script) {
        return new NodeLaunch("node", List.of("/bin/sh", "-c", script), Map.of());
    }

    /** The event of the running process's end, noticed at this time. */
    private String nextEnd(long nowNs) {
        events.clear();
        while (events.isEmpty()) {
            supervisor.doWork(nowNs);
            Thread.onSpinWait();
        }
        return events.getFirst();
    }

    private Path ready() {
        return directory.resolve("ready");
    }

    private void awaitReady() {
        while (!Files.exists(ready())) {
            Thread.onSpinWait();
        }
    }
}
