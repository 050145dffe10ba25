package io.fluxfoam.chaos;

import io.fluxfoam.chaos.plan.FaultPlan;
import io.fluxfoam.chaos.plan.FaultSchedule;
import io.fluxfoam.chaos.plan.PlannedSchedule;
import io.fluxfoam.chaos.plan.WindowSchedule;
import io.fluxfoam.chaos.process.NodeTracker;
import io.fluxfoam.cli.DurationConverter;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.liveness.MarkView;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The options that say how long a run is, and what a written plan does when. */
final class ScheduleOptions {
    private static final Duration DEFAULT_DURATION = Duration.ofMinutes(10);
    private static final long AFTER_PLAN_MS = 30_000;

    @Option(
            names = "--plan",
            paramLabel = "FILE",
            description = "Lines of SECONDS FAULT TARGET instead of a random plan.")
    private Path planFile;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description =
                    "How long, such as 90s or 10m (default: 10m; with --plan, 30 s longer than it).")
    private Duration duration;

    @Option(
            names = "--window",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "60s",
            description =
                    "Length of the windows, of which every second is left in peace (default: ${DEFAULT-VALUE}).")
    private Duration window;

    @Option(
            names = "--absence",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "10s",
            description =
                    "How long a coordinator that is gone stays away, and a partition lasts (default: ${DEFAULT-VALUE}).")
    private Duration absence;

    boolean hasPlan() {
        return planFile != null;
    }

    /** How long who is gone stays away. */
    Duration absence() {
        return absence;
    }

    /** When random faults happen, one every so often. */
    WindowSchedule windows(Duration every) {
        return WindowSchedule.of(duration == null ? DEFAULT_DURATION : duration, window, every);
    }

    /**
     * The plan of the file.
     *
     * @throws IllegalArgumentException if it is aimed at somebody who is not there
     */
    FaultSchedule written(NodeTracker nodes) throws IOException {
        FaultPlan plan = FaultPlan.read(planFile);
        List<String> names = nodes.all().stream().map(MarkView::name).toList();
        plan.requireTargets(names, nodes.living(Roles.COORDINATOR).isPresent());
        Duration length = duration;
        if (length == null) {
            length =
                    plan.faults().isEmpty()
                            ? DEFAULT_DURATION
                            : Duration.ofMillis(plan.faults().getLast().atMillis() + AFTER_PLAN_MS);
        }
        return new PlannedSchedule(plan, WindowSchedule.of(length, window, window), true);
    }
}
