package io.fluxfoam.chaos;

import io.fluxfoam.chaos.check.LearningCurve;
import io.fluxfoam.chaos.plan.FaultKind;
import io.fluxfoam.chaos.plan.FaultPlan;
import io.fluxfoam.chaos.plan.FaultSchedule;
import io.fluxfoam.chaos.plan.PlannedSchedule;
import io.fluxfoam.chaos.plan.WindowSchedule;
import io.fluxfoam.chaos.process.CleanupStack;
import io.fluxfoam.chaos.process.FoamUnderTest;
import io.fluxfoam.chaos.process.NodeTracker;
import io.fluxfoam.chaos.process.Restarter;
import io.fluxfoam.chaos.report.RunResult;
import io.fluxfoam.cli.DurationConverter;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.Names;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Chaos in a foam that somebody else started, and the options of that alone. */
final class RunningFoam {
    private static final String ALL = "all";
    private static final String NONE = "none";

    @Option(
            names = "--faults",
            paramLabel = "FAULT",
            split = ",",
            defaultValue = "kill",
            description =
                    "What to choose from; all: whatever needs no foam of its own; none: only watch (default: ${DEFAULT-VALUE}).")
    private List<String> faults;

    @Option(
            names = "--targets",
            paramLabel = "NODE",
            split = ",",
            description = "Nodes to choose from (default: all that live).")
    private List<String> targets;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "5s",
            description = "Time from one fault to the next (default: ${DEFAULT-VALUE}).")
    private Duration every;

    @Option(
            names = "--against",
            paramLabel = "FILE",
            description =
                    "Curve of an undisturbed run of the same seed: what is learned is compared when both foams are as old.")
    private Path against;

    /** Whether nothing at random is done to it. */
    boolean isOnlyWatched() {
        return faults.equals(List.of(NONE));
    }

    RunResult fault(
            Path directory, long seed, ScheduleOptions timetable, BiConsumer<String, String> events)
            throws IOException, InterruptedException {
        Optional<LearningCurve> undisturbed =
                against == null ? Optional.empty() : Optional.of(LearningCurve.read(against));
        FoamDirectory foam =
                FoamDirectory.open(directory == null ? FoamDirectory.defaultPath() : directory);
        try (NodeTracker nodes = new NodeTracker(foam, FoamUnderTest.OBSERVER);
                CleanupStack cleanup = new CleanupStack()) {
            nodes.look();
            if (nodes.living().isEmpty()) {
                throw new IOException("nobody lives in the foam: path=" + foam.path());
            }
            FaultSchedule schedule =
                    timetable.hasPlan()
                            ? timetable.written(nodes)
                            : random(seed, timetable.windows(every), nodes);
            Restarter restarter = new Restarter(foam, nodes, events);
            FoamUnderTest tested =
                    new FoamUnderTest(
                            foam, nodes, restarter, events, timetable.absence(), cleanup, false);
            return new ChaosRun(tested, schedule, undisturbed).run(seed);
        }
    }

    private FaultSchedule random(long seed, WindowSchedule windows, NodeTracker nodes) {
        List<String> living = nodes.living().stream().map(MarkView::name).toList();
        List<String> chosen = targets == null ? living : targets;
        for (String target : chosen) {
            if (!living.contains(Names.check("node", target))) {
                throw new IllegalArgumentException(
                        "no such living node: target=" + target + " living=" + living);
            }
        }
        String coordinator = nodes.living(Roles.COORDINATOR).map(MarkView::name).orElse(null);
        List<FaultKind> possible = faults(coordinator != null);
        FaultPlan plan =
                possible.isEmpty()
                        ? new FaultPlan(List.of())
                        : FaultPlan.random(seed, windows, possible, chosen, coordinator);
        return new PlannedSchedule(plan, windows, false);
    }

    private List<FaultKind> faults(boolean hasCoordinator) {
        if (isOnlyWatched()) {
            return List.of();
        }
        if (faults.equals(List.of(ALL))) {
            return FaultKind.ofAnyFoam().stream()
                    .filter(fault -> hasCoordinator || fault.aim() != FaultKind.Aim.COORDINATOR)
                    .toList();
        }
        return faults.stream().map(FaultKind::of).toList();
    }
}
