package io.fluxfoam.chaos;

import static io.fluxfoam.node.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.coordinator.Coordinator;
import io.fluxfoam.device.Device;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.Mark;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.stream.Checksum;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What chaos makes of what it did not expect. Real nodes, in this process's own foam. */
@Timeout(300)
class ChaosRunTest {
    private static final Rhythm RHYTHM =
            Rhythm.of(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));
    private static final BiConsumer<String, String> NOBODY = (node, event) -> {};

    @TempDir Path directory;

    private LightFoam foam(BiConsumer<String, String> events) throws Exception {
        return LightFoam.create(directory.resolve("foam"), JavaProgram.ofThisProcess(), events);
    }

    private static PlannedAgenda plan(Torment... torments) {
        return new PlannedAgenda(new Plan(List.of(torments)), RHYTHM, true);
    }

    private static MarkView mark(LightFoam light, String node) throws Exception {
        light.ground().herd().look();
        return light.ground().herd().node(node).orElseThrow();
    }

    /** Another agenda a few minutes later than the run's clock says. */
    private record Late(Agenda agenda) implements Agenda {
        private static final long LATE_MILLIS = 200_000;

        @Override
        public List<Torment> due(long nowMillis) {
            return agenda.due(nowMillis + LATE_MILLIS);
        }

        @Override
        public void begun(Torment torment) {
            agenda.begun(torment);
        }

        @Override
        public void ended(Torment torment) {
            agenda.ended(torment);
        }

        @Override
        public boolean isOver(long nowMillis) {
            return agenda.isOver(nowMillis + LATE_MILLIS);
        }

        @Override
        public List<Torment> dropped() {
            return agenda.dropped();
        }

        @Override
        public int windowAt(long nowMillis) {
            return agenda.windowAt(nowMillis + LATE_MILLIS);
        }
    }

    @Test
    void shouldFailARunOfWhichAPartWasDropped() throws Exception {
        try (LightFoam light = foam(NOBODY)) {
            light.populate(1);
            Agenda agenda = new Late(plan(new Torment(0, Fault.KILL, "nobody")));
            Verdict verdict = new ChaosRun(light.ground(), agenda).run(1).verdict();
            assertEquals(List.of("0.000 kill nobody: dropped: its target was not ready for too long"), verdict.faults());
            assertEquals(1, verdict.exitCode());
        }
    }

    @Test
    void shouldFailARunWhoseVerifierDied() throws Exception {
        BiConsumer<String, String> events =
                (node, event) -> {
                    if (event.startsWith("not verifiable")) {
                        throw new IllegalStateException("no more");
                    }
                };
        try (LightFoam light = foam(events)) {
            light.populate(1);
            StreamSpec spec = StreamSpec.of("planted", DType.U8, 64).checksum(Checksum.NONE);
            try (StreamWriter planted = StreamWriter.create(light.ground().foam(), "light-1", 1, spec, Device.of("host"))) {
                Verdict verdict = new ChaosRun(light.ground(), plan()).run(1).verdict();
                assertTrue(
                        verdict.faults().contains("the verifier ended: IllegalStateException: no more"),
                        () -> planted.header() + " " + verdict);
            }
        }
    }

    @Test
    void shouldCountOnlyWhatHasAChecksum() throws Exception {
        try (LightFoam light = foam(NOBODY)) {
            FoamDirectory foam = light.ground().foam();
            Device host = Device.of("host");
            Mark mark = Mark.acquire(foam, "user", "user", "host", new String[0]);
            StreamSpec spec = StreamSpec.of("guarded", DType.U8, 64);
            try (StreamWriter guarded = StreamWriter.create(foam, "user", 1, spec, host);
                    StreamWriter plain =
                            StreamWriter.create(
                                    foam, "user", 1, StreamSpec.of("plain", DType.U8, 64).checksum(Checksum.NONE), host);
                    Verifier verifier = Verifier.start(light.ground(), "chaos")) {
                eventually("it knows the stream", () -> verifier.uncheckable().equals(Set.of("user/plain")));
                commit(plain, 1);
                for (int i = 1; i <= 3; i++) {
                    commit(guarded, i);
                    int wanted = i;
                    eventually("it has read", () -> verifier.readsVerified() >= wanted);
                }
                assertEquals(3, verifier.readsVerified());
                assertEquals(Set.of("user/plain"), verifier.missing(Set.of("user/plain", "user/guarded")));
            } finally {
                mark.stopped();
                mark.close();
            }
        }
    }

    private static void commit(StreamWriter writer, long frame) {
        try (Claim claim = writer.claim()) {
            claim.commit(frame, System.nanoTime());
        }
    }

    @Test
    void shouldWantTheStreamsOfTheLoopVerified() throws Exception {
        try (LightFoam light = foam(NOBODY)) {
            List<MarkView> nodes = List.of(node("camera", "sensor"), node("user", "recorder"));
            Census census = new Census(light.ground().foam(), nodes);
            assertTrue(census.isOfLoop("camera/picture"));
            assertFalse(census.isOfLoop("user/picture"));
        }
    }

    private static MarkView node(String name, String role) {
        return new MarkView(name, role, "host", 1, 1, 0, NodeState.ALIVE, 0, false, List.of());
    }

    @Test
    void shouldGoOnWhenSomebodyElseKillsAStoppedNode() throws Exception {
        Set<String> said = new TreeSet<>();
        BiConsumer<String, String> events =
                (node, event) -> {
                    said.add(event);
                    if (event.startsWith("stopped, pid ")) {
                        ProcessHandle.of(Long.parseLong(event.substring("stopped, pid ".length())))
                                .orElseThrow()
                                .destroyForcibly();
                    }
                };
        try (LightFoam light = foam(events)) {
            light.populate(2);
            ChaosReport report = new ChaosRun(light.ground(), plan(new Torment(0, Fault.STOP, "light-1"))).run(1).report();
            assertEquals(List.of("stop"), report.faults().stream().map(FaultReport::fault).toList());
            assertTrue(said.contains("has ended meanwhile"), said::toString);
            assertEquals(0, report.hungNodes());
        }
    }

    @Test
    void shouldWaitForTheSlowestWitness() throws Exception {
        try (LightFoam light = foam(NOBODY)) {
            light.populate(3);
            Body slow = Body.of(light.ground().foam(), mark(light, "light-2"));
            slow.freeze();
            eventually("it is STALLED", () -> mark(light, "light-2").state() == NodeState.STALLED);
            Killing killing = Killing.of(light.ground(), List.of(mark(light, "light-1")));
            eventually(
                    "the other has seen the death, and the node is back",
                    () -> {
                        MarkView witness = mark(light, "light-3");
                        assertFalse(killing.turn(System.nanoTime()), "the slow one has not");
                        boolean isSeen =
                                light.ground()
                                        .herd()
                                        .counters(witness)
                                        .map(counters -> counters.number("peer.light-1.deadIncarnation") >= 1)
                                        .orElse(false);
                        return isSeen && killing.rejoinMillis() != null;
                    });
            assertNull(killing.detectMillis());
            slow.thaw();
            eventually("all have seen it", () -> isOver(light, killing));
            assertNotNull(killing.detectMillis());
        }
    }

    private static boolean isOver(LightFoam light, Killing killing) throws Exception {
        light.ground().herd().look();
        return killing.turn(System.nanoTime());
    }

    @Test
    void shouldAskACoordinatorWhereItListens() throws Exception {
        try (LightFoam light = foam(NOBODY)) {
            light.start("coordinator", Coordinator.class, List.of("--port", "0", "--host", "127.0.0.2"));
            eventually(
                    "it listens",
                    () ->
                            light.ground()
                                    .herd()
                                    .counters(mark(light, "coordinator"))
                                    .map(counters -> counters.number("http.port") > 0)
                                    .orElse(false));
            Killing killing = Killing.of(light.ground(), List.of(mark(light, "coordinator")));
            eventually("it answers again", () -> isOver(light, killing));
            assertNotNull(killing.rejoinMillis());
        }
    }
}
