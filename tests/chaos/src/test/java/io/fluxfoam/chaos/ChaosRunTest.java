package io.fluxfoam.chaos;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.chaos.check.StreamCensus;
import io.fluxfoam.chaos.check.StreamVerifier;
import io.fluxfoam.chaos.fault.KillFault;
import io.fluxfoam.chaos.plan.FaultKind;
import io.fluxfoam.chaos.plan.FaultPlan;
import io.fluxfoam.chaos.plan.FaultSchedule;
import io.fluxfoam.chaos.plan.PlannedSchedule;
import io.fluxfoam.chaos.plan.ScheduledFault;
import io.fluxfoam.chaos.plan.WindowSchedule;
import io.fluxfoam.chaos.process.JavaProgram;
import io.fluxfoam.chaos.process.LightFoam;
import io.fluxfoam.chaos.process.NodeProcess;
import io.fluxfoam.chaos.report.ChaosReport;
import io.fluxfoam.chaos.report.FaultReport;
import io.fluxfoam.chaos.report.Verdict;
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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** What chaos makes of what it did not expect. Real nodes, in this process's own foam. */
@Timeout(300)
class ChaosRunTest {
    private static final WindowSchedule RHYTHM =
            WindowSchedule.of(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));
    private static final BiConsumer<String, String> NOBODY = (node, event) -> {};

    @TempDir Path directory;

    private LightFoam foam(BiConsumer<String, String> events) throws Exception {
        return LightFoam.create(directory.resolve("foam"), JavaProgram.ofThisProcess(), events);
    }

    private static PlannedSchedule plan(ScheduledFault... faults) {
        return new PlannedSchedule(new FaultPlan(List.of(faults)), RHYTHM, true);
    }

    private static MarkView mark(LightFoam light, String node) throws Exception {
        light.tested().nodes().look();
        return light.tested().nodes().node(node).orElseThrow();
    }

    /** Another schedule a few minutes later than the run's clock says. */
    private record Late(FaultSchedule schedule) implements FaultSchedule {
        private static final long LATE_MILLIS = 200_000;

        @Override
        public List<ScheduledFault> due(long nowMillis) {
            return schedule.due(nowMillis + LATE_MILLIS);
        }

        @Override
        public void begun(ScheduledFault fault) {
            schedule.begun(fault);
        }

        @Override
        public void ended(ScheduledFault fault) {
            schedule.ended(fault);
        }

        @Override
        public boolean isOver(long nowMillis) {
            return schedule.isOver(nowMillis + LATE_MILLIS);
        }

        @Override
        public List<ScheduledFault> dropped() {
            return schedule.dropped();
        }

        @Override
        public int windowAt(long nowMillis) {
            return schedule.windowAt(nowMillis + LATE_MILLIS);
        }
    }

    @Test
    void shouldFailARunOfWhichAPartWasDropped() throws Exception {
        try (LightFoam light = foam(NOBODY)) {
            light.populate(1);
            FaultSchedule schedule =
                    new Late(plan(new ScheduledFault(0, FaultKind.KILL, "nobody")));
            Verdict verdict = new ChaosRun(light.tested(), schedule).run(1).verdict();
            assertEquals(
                    List.of("0.000 kill nobody: dropped: its target was not ready for too long"),
                    verdict.faults());
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
            try (StreamWriter planted =
                    StreamWriter.create(
                            light.tested().foam(), "light-1", 1, spec, Device.of("host"))) {
                Verdict verdict = new ChaosRun(light.tested(), plan()).run(1).verdict();
                assertTrue(
                        verdict.faults()
                                .contains("the verifier ended: IllegalStateException: no more"),
                        () -> planted.header() + " " + verdict);
            }
        }
    }

    @Test
    void shouldCountOnlyWhatHasAChecksum() throws Exception {
        try (LightFoam light = foam(NOBODY)) {
            FoamDirectory foam = light.tested().foam();
            Device host = Device.of("host");
            Mark mark = Mark.acquire(foam, "user", "user", "host", new String[0]);
            StreamSpec spec = StreamSpec.of("guarded", DType.U8, 64);
            try (StreamWriter guarded = StreamWriter.create(foam, "user", 1, spec, host);
                    StreamWriter plain =
                            StreamWriter.create(
                                    foam,
                                    "user",
                                    1,
                                    StreamSpec.of("plain", DType.U8, 64).checksum(Checksum.NONE),
                                    host);
                    StreamVerifier verifier = StreamVerifier.start(light.tested(), "chaos")) {
                eventually(
                        "it knows the stream",
                        () -> verifier.uncheckable().equals(Set.of("user/plain")));
                commit(plain, 1);
                for (int i = 1; i <= 3; i++) {
                    commit(guarded, i);
                    int wanted = i;
                    eventually("it has read", () -> verifier.readsVerified() >= wanted);
                }
                assertEquals(3, verifier.readsVerified());
                assertEquals(
                        Set.of("user/plain"),
                        verifier.missing(Set.of("user/plain", "user/guarded")));
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
            StreamCensus census = new StreamCensus(light.tested().foam(), nodes);
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
            ChaosReport report =
                    new ChaosRun(
                                    light.tested(),
                                    plan(new ScheduledFault(0, FaultKind.STOP, "light-1")))
                            .run(1)
                            .report();
            assertEquals(
                    List.of("stop"), report.faults().stream().map(FaultReport::fault).toList());
            assertTrue(said.contains("has ended meanwhile"), said::toString);
            assertEquals(0, report.hungNodes());
        }
    }

    @Test
    void shouldWaitForTheSlowestWitness() throws Exception {
        try (LightFoam light = foam(NOBODY)) {
            light.populate(3);
            NodeProcess slow = NodeProcess.of(light.tested().foam(), mark(light, "light-2"));
            slow.freeze();
            eventually("it is STALLED", () -> mark(light, "light-2").state() == NodeState.STALLED);
            KillFault killing = KillFault.of(light.tested(), List.of(mark(light, "light-1")));
            eventually(
                    "the other has seen the death, and the node is back",
                    () -> {
                        MarkView witness = mark(light, "light-3");
                        assertFalse(killing.turn(System.nanoTime()), "the slow one has not");
                        boolean isSeen =
                                light.tested()
                                        .nodes()
                                        .counters(witness)
                                        .map(counters ->
                                                counters.number("peer.light-1.deadIncarnation")
                                                        >= 1)
                                        .orElse(false);
                        return isSeen && killing.rejoinMillis() != null;
                    });
            assertNull(killing.detectMillis());
            slow.thaw();
            eventually("all have seen it", () -> isOver(light, killing));
            assertNotNull(killing.detectMillis());
        }
    }

    private static boolean isOver(LightFoam light, KillFault killing) throws Exception {
        light.tested().nodes().look();
        return killing.turn(System.nanoTime());
    }

    @Test
    void shouldAskACoordinatorWhereItListens() throws Exception {
        try (LightFoam light = foam(NOBODY)) {
            light.start(
                    "coordinator",
                    Coordinator.class,
                    List.of("--port", "0", "--host", "127.0.0.2"));
            eventually(
                    "it listens",
                    () ->
                            light.tested()
                                    .nodes()
                                    .counters(mark(light, "coordinator"))
                                    .map(counters -> counters.number("http.port") > 0)
                                    .orElse(false));
            KillFault killing = KillFault.of(light.tested(), List.of(mark(light, "coordinator")));
            eventually("it answers again", () -> isOver(light, killing));
            assertNotNull(killing.rejoinMillis());
        }
    }
}
