package io.fluxfoam.chaos;

import io.fluxfoam.cli.DurationConverter;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.Names;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import picocli.CommandLine.Option;

/** Chaos in a foam that somebody else started, and the options of that alone. */
final class RunningFoam {
    private static final String ALL = "all";
    private static final String NONE = "none";

    @Option(
            names = "--faults",
            paramLabel = "FAULT",
            split = ",",
            defaultValue = "kill",
            description = "What to choose from; all: whatever needs no foam of its own; none: only watch (default: ${DEFAULT-VALUE}).")
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
            description = "Time from one torment to the next (default: ${DEFAULT-VALUE}).")
    private Duration every;

    @Option(
            names = "--absence",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "10s",
            description = "How long a coordinator that is gone stays away (default: ${DEFAULT-VALUE}).")
    private Duration absence;

    @Option(
            names = "--against",
            paramLabel = "FILE",
            description = "Curve of an undisturbed run of the same seed: what is learned is compared when both foams are as old.")
    private Path against;

    /** Whether nothing at random is done to it. */
    boolean isOnlyWatched() {
        return faults.equals(List.of(NONE));
    }

    /** Torments it. */
    Outcome torment(Path directory, long seed, Timetable timetable, BiConsumer<String, String> events)
            throws IOException, InterruptedException {
        Optional<Curve> undisturbed = against == null ? Optional.empty() : Optional.of(Curve.read(against));
        FoamDirectory foam = FoamDirectory.open(directory == null ? FoamDirectory.defaultPath() : directory);
        try (Herd herd = new Herd(foam, ChaosRun.NAME);
                Debts debts = new Debts()) {
            herd.look();
            if (herd.living().isEmpty()) {
                throw new IOException("nobody lives in the foam: path=" + foam.path());
            }
            Agenda agenda = timetable.hasPlan() ? timetable.written(herd) : random(seed, timetable.rhythm(every), herd);
            Keeper keeper = new Keeper(foam, herd, events);
            Ground ground = new Ground(foam, herd, keeper, events, absence, debts, false);
            return new ChaosRun(ground, agenda, undisturbed).run(seed);
        }
    }

    private Agenda random(long seed, Rhythm rhythm, Herd herd) {
        List<String> living = herd.living().stream().map(MarkView::name).toList();
        List<String> chosen = targets == null ? living : targets;
        for (String target : chosen) {
            if (!living.contains(Names.check("node", target))) {
                throw new IllegalArgumentException("no such living node: target=" + target + " living=" + living);
            }
        }
        String coordinator = herd.living("coordinator").map(MarkView::name).orElse(null);
        List<Fault> possible = faults(coordinator != null);
        Plan plan =
                possible.isEmpty()
                        ? new Plan(List.of())
                        : Plan.random(seed, rhythm, possible, chosen, coordinator);
        return new PlannedAgenda(plan, rhythm, false);
    }

    private List<Fault> faults(boolean hasCoordinator) {
        if (isOnlyWatched()) {
            return List.of();
        }
        if (faults.equals(List.of(ALL))) {
            return Fault.ofAnyFoam().stream()
                    .filter(fault -> hasCoordinator || fault.aim() != Fault.Aim.COORDINATOR)
                    .toList();
        }
        return faults.stream().map(Fault::of).toList();
    }
}
