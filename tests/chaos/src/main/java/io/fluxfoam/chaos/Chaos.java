package io.fluxfoam.chaos;

import io.fluxfoam.chaos.report.RunPlot;
import io.fluxfoam.chaos.report.RunResult;
import io.fluxfoam.chaos.report.Summary;
import io.fluxfoam.cli.ResultFile;
import io.fluxfoam.coordinator.status.Json;
import io.fluxfoam.launch.Commands;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Kills, stops and disturbs the nodes of a running foam, and reports what it did to them. */
@Command(
        name = "foam chaos",
        mixinStandardHelpOptions = true,
        description =
                "Injects faults into the nodes of a running foam by a seeded plan, and reports.",
        footer = {
            "",
            "Faults: kill stop term slow-reader die-in-claim die-in-lease die-in-manifest crash-loop coordinator-gone",
            "kill-all reshape garbage join-storm; in foams that chaos makes for them, in a plan: memory-full",
            "manifest-corrupt clock-jump, and in two with a wire between their bridges: bridge-kill partition",
            "one-way-partition delay loss (docs/ANTIFRAGILE.md).",
            "",
            "Windows without and with faults alternate. Exit code 0 only if nothing was torn, nothing hung,",
            "nothing leaked, every stream was verified, and every killed node came back."
        })
public final class Chaos implements Callable<Integer> {
    @Option(
            names = {"--dir", "--foam"},
            paramLabel = "DIR",
            description = "Directory of the foam (default: $FOAM_DIR or /dev/shm/foam-UID).")
    private Path directory;

    @Mixin private ScheduleOptions timetable;

    @Mixin private RunningFoam runningFoam;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of the random plan (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--light",
            description =
                    "In a foam of light nodes made for it; without --plan: kills as fast as they come back.")
    private boolean light;

    @Mixin private OwnFoam ownFoam;

    @Option(
            names = "--json",
            description = "Print the report as one line of JSON; events go to standard error.")
    private boolean json;

    @Option(
            names = "--plot",
            paramLabel = "FILE",
            description = "Draw throughput and held-out curve as SVG.")
    private Path plot;

    @Option(
            names = "--curve",
            paramLabel = "FILE",
            description =
                    "Write what the loop did, by the foam's age, as CSV for another run's --against.")
    private Path curve;

    @Spec private CommandSpec spec;

    private final long startNs = System.nanoTime();

    /** Runs the command. */
    public static void main(String[] args) {
        System.exit(Commands.execute(Commands.line(new Chaos()), args));
    }

    @Override
    public Integer call() throws Exception {
        refuseWhatDoesNotApply();
        for (Path file : new Path[] {plot, curve}) {
            if (file != null) {
                new ResultFile(file).requireWritable();
            }
        }
        return tell(
                light
                        ? ownFoam.fault(directory, seed, timetable, this::say)
                        : runningFoam.fault(directory, seed, timetable, this::say));
    }

    private void refuseWhatDoesNotApply() {
        if (light) {
            refuse("with --light", "--faults", "--targets", "--every", "--curve", "--against");
        } else {
            refuse("without --light", "--kills", "--nodes", "--devices");
        }
        if (timetable.hasPlan()) {
            refuse("with --plan", "--faults", "--targets", "--every", "--kills");
        } else if (light) {
            refuse("with --light without --plan", "--duration", "--window", "--absence");
        } else if (runningFoam.isOnlyWatched()) {
            refuse("with --faults none", "--targets", "--every", "--absence");
        }
    }

    private void refuse(String when, String... options) {
        for (String option : options) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(
                        spec.commandLine(), option + " does not apply " + when);
            }
        }
    }

    /** The report first: it is what the run was for. */
    private int tell(RunResult outcome) {
        System.out.print(json ? Json.compact(outcome.report()) + "\n" : Summary.text(outcome));
        System.out.flush();
        outcome.verdict().faults().forEach(fault -> System.err.println("foam chaos: " + fault));
        boolean isWritten =
                isWritten(curve, () -> outcome.curve().csv())
                        & isWritten(plot, () -> RunPlot.of(outcome));
        return isWritten ? outcome.verdict().exitCode() : 1;
    }

    private static boolean isWritten(Path file, Supplier<String> text) {
        try {
            if (file != null) {
                new ResultFile(file).write(text.get());
            }
            return true;
        } catch (IOException e) {
            System.err.println("foam chaos: " + Commands.reason(e));
            return false;
        }
    }

    private void say(String node, String event) {
        PrintStream out = json ? System.err : System.out;
        out.println(
                String.format(
                        Locale.ROOT,
                        "%8.1f  %-16s %s",
                        (System.nanoTime() - startNs) / 1e9,
                        node,
                        event));
    }
}
