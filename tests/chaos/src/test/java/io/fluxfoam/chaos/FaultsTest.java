package io.fluxfoam.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.chaos.plan.FaultKind;
import io.fluxfoam.chaos.plan.FaultPlan;
import io.fluxfoam.chaos.plan.FaultSchedule;
import io.fluxfoam.chaos.plan.PlannedSchedule;
import io.fluxfoam.chaos.plan.WindowSchedule;
import io.fluxfoam.chaos.process.JavaProgram;
import io.fluxfoam.chaos.process.LightFoam;
import io.fluxfoam.chaos.report.ChaosReport;
import io.fluxfoam.chaos.report.FaultReport;
import io.fluxfoam.chaos.report.RunResult;
import io.fluxfoam.coordinator.Coordinator;
import io.fluxfoam.coordinator.status.Json;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Each of the faults, done to real processes: a coordinator, light nodes, and the guest, the foam
 * or the two foams that each fault needs.
 */
@Timeout(300)
class FaultsTest {
    private static final long SEED = Long.getLong("seed", 20261123L);
    private static final String COORDINATOR = "coordinator";

    /** Longer than the others need to see it. */
    private static final Duration ABSENCE = Duration.ofSeconds(2);

    @TempDir Path directory;

    private Duration absence = ABSENCE;

    /** Does these, at these seconds, to a foam of a coordinator and some light nodes. */
    private ChaosReport suffer(String name, int lightNodes, List<String> plan) throws Exception {
        Path file = Files.write(directory.resolve(name + ".plan"), plan);
        WindowSchedule windows =
                WindowSchedule.of(
                        Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));
        return suffer(
                name,
                lightNodes,
                nodes -> new PlannedSchedule(FaultPlan.read(file), windows, true));
    }

    private interface Agendas {
        FaultSchedule of(List<String> nodes) throws IOException;
    }

    private ChaosReport suffer(String name, int lightNodes, Agendas schedules) throws Exception {
        List<ChaosReport> reports = new ArrayList<>();
        BiConsumer<String, String> events = (node, event) -> System.out.println(node + " " + event);
        try (LightFoam light =
                LightFoam.create(
                        directory.resolve(name), JavaProgram.ofThisProcess(), absence, events)) {
            light.start(COORDINATOR, Coordinator.class, List.of("--port", "0"));
            FaultSchedule schedule = schedules.of(light.populate(lightNodes));
            Evidence.keepIfItFails(
                    name,
                    light.tested().foam(),
                    () -> {
                        RunResult outcome = new ChaosRun(light.tested(), schedule).run(SEED);
                        assertEquals(List.of(), outcome.verdict().faults());
                        reports.add(outcome.report());
                    });
        }
        return reports.getFirst();
    }

    /** All of them happened; these victims were seen dead, and these are back. */
    private static void assertHappened(
            ChaosReport report,
            List<FaultKind> faults,
            Set<FaultKind> seenDead,
            Set<FaultKind> areBack) {
        assertEquals(
                labels(faults), report.faults().stream().map(FaultReport::fault).sorted().toList());
        for (FaultReport one : report.faults()) {
            FaultKind fault = FaultKind.of(one.fault());
            assertEquals(seenDead.contains(fault), one.detectMillis() != null, one::toString);
            assertEquals(areBack.contains(fault), one.rejoinMillis() != null, one::toString);
        }
    }

    private static List<String> labels(List<FaultKind> faults) {
        return faults.stream().map(FaultKind::label).sorted().toList();
    }

    @Test
    void shouldOutliveWhatIsDoneToItsNodes() throws Exception {
        List<FaultKind> faults =
                List.of(
                        FaultKind.KILL,
                        FaultKind.KILL_ALL,
                        FaultKind.STOP,
                        FaultKind.TERM,
                        FaultKind.COORDINATOR_GONE);
        ChaosReport report =
                suffer(
                        "nodes",
                        4,
                        List.of(
                                "0 kill-all",
                                "0 kill light-1",
                                "0 stop light-2",
                                "0 term light-3",
                                "0 coordinator-gone"));
        assertHappened(
                report,
                faults,
                Set.of(FaultKind.KILL),
                Set.of(
                        FaultKind.KILL,
                        FaultKind.KILL_ALL,
                        FaultKind.TERM,
                        FaultKind.COORDINATOR_GONE));
        assertEquals(5 + 1 + 1 + 1, report.kills());
    }

    @Test
    void shouldOutliveEveryGuest() throws Exception {
        Set<FaultKind> die =
                Set.of(
                        FaultKind.DIE_IN_CLAIM,
                        FaultKind.DIE_IN_LEASE,
                        FaultKind.DIE_IN_MANIFEST,
                        FaultKind.CRASH_LOOP,
                        FaultKind.RESHAPE);
        List<FaultKind> faults = new ArrayList<>(die);
        faults.addAll(List.of(FaultKind.SLOW_READER, FaultKind.GARBAGE, FaultKind.JOIN_STORM));
        List<String> plan =
                new ArrayList<>(
                        faults.stream().map(fault -> "0 " + fault.label() + aim(fault)).toList());
        plan.add("0 die-in-lease light-2"); // has to wait until the first of that name has left
        faults.add(FaultKind.DIE_IN_LEASE);
        ChaosReport report = suffer("guests", 2, plan);
        assertHappened(report, faults, die, die);
        assertEquals(1 + 2 + 1 + 5 + 1, report.kills(), "each guest dies as often as it should");
    }

    private static String aim(FaultKind fault) {
        return fault.aim() == FaultKind.Aim.ONE ? " light-1" : "";
    }

    /** These damage foams of their own; where no namespace is permitted they are left out. */
    @Test
    void shouldOutliveEveryDamage() throws Exception {
        List<FaultKind> faults =
                List.of(FaultKind.MEMORY_FULL, FaultKind.MANIFEST_CORRUPT, FaultKind.CLOCK_JUMP);
        ChaosReport report =
                suffer("damage", 1, faults.stream().map(fault -> "0 " + fault.label()).toList());
        Set<FaultKind> happened = report.kills() > 0 ? Set.copyOf(faults) : Set.of();
        assertHappened(report, faults, happened, happened);
        assertEquals(happened.size(), report.kills());
    }

    /** These have two foams of their own, with a bridge each and a wire between them. */
    @Test
    void shouldOutliveACutWireAndDeadBridges() throws Exception {
        assertHealed("wire", List.of(FaultKind.PARTITION, FaultKind.BRIDGE_KILL));
    }

    @Test
    @Tag("slow")
    void shouldOutliveABadWire() throws Exception {
        assertHealed("bad-wire", List.of(FaultKind.ONE_WAY_PARTITION));
        assertHealed("slow-wire", List.of(FaultKind.DELAY, FaultKind.LOSS));
    }

    @Test
    @Tag("slow")
    void shouldOutliveAPartitionOfAMinute() throws Exception {
        absence = Duration.ofSeconds(60);
        assertHealed("minute", List.of(FaultKind.PARTITION));
    }

    private void assertHealed(String name, List<FaultKind> faults) throws Exception {
        ChaosReport report =
                suffer(name, 1, faults.stream().map(fault -> "0 " + fault.label()).toList());
        assertHappened(report, faults, Set.copyOf(faults), Set.copyOf(faults));
        assertEquals(faults.contains(FaultKind.BRIDGE_KILL) ? 2 : 0, report.kills());
    }

    /**
     * All of them, by chance. {@code -Dsoak=MINUTES} says how long, {@code -Dseed=} repeats a plan.
     */
    @Test
    @Tag("slow")
    @Timeout(value = 3, unit = TimeUnit.HOURS)
    void shouldOutliveRandomFaultsForLong() throws Exception {
        Duration length = Duration.ofMinutes(Long.getLong("soak", 30));
        System.out.println("seed=" + SEED + " minutes=" + length.toMinutes());
        WindowSchedule windows =
                WindowSchedule.of(length, Duration.ofSeconds(20), Duration.ofSeconds(3));
        ChaosReport report =
                suffer(
                        "soak",
                        4,
                        nodes -> {
                            List<String> targets = new ArrayList<>(nodes);
                            targets.add(COORDINATOR);
                            FaultPlan plan =
                                    FaultPlan.random(
                                            SEED,
                                            windows,
                                            List.of(FaultKind.values()),
                                            targets,
                                            COORDINATOR);
                            return new PlannedSchedule(plan, windows, false);
                        });
        System.out.println(Json.compact(report));
        assertTrue(report.kills() > 0);
    }
}
