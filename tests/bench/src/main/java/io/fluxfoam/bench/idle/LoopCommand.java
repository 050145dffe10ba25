package io.fluxfoam.bench.idle;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.fluxfoam.bench.measure.SampleStatistics;
import io.fluxfoam.bench.process.Workspace;
import io.fluxfoam.node.IdleMode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;

/** {@code bench loop}. */
@Command(
        name = "loop",
        mixinStandardHelpOptions = true,
        description = {
            "How the nodes should wait: the loop's seven processes with --idle sleep, backoff and spin in turn. What the student",
            "gets done, how old a frame is when its prediction is published, and what the duty cycles cost."
        })
public final class LoopCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Print JSON and nothing else.")
    private boolean json;

    @Option(
            names = "--modes",
            paramLabel = "MODE",
            split = ",",
            description = "sleep, backoff, spin (default: all).")
    private List<IdleMode> modes = List.of(IdleMode.SLEEP, IdleMode.BACKOFF, IdleMode.SPIN);

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "20",
            description = "How long each loop is watched (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--run",
            paramLabel = "N",
            defaultValue = "20",
            description =
                    "Seconds from its first prediction until then (default: ${DEFAULT-VALUE}).")
    private int runSeconds;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "3",
            description =
                    "Loops of each mode, one of each in turn, of which the median is shown (default: ${DEFAULT-VALUE}).")
    private int repetitions;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "Longest wait until the student predicts (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    /** What {@code --json} prints. */
    record Result(int seconds, int repetitions, Map<String, LoopFigures> modes) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (seconds < 1 || runSeconds < 0 || repetitions < 1 || timeoutSeconds < 1) {
            throw new IllegalArgumentException(
                    "--seconds="
                            + seconds
                            + ", --repetitions="
                            + repetitions
                            + " and --timeout="
                            + timeoutSeconds
                            + " must be 1 or more, --run="
                            + runSeconds
                            + " 0 or more");
        }
        Map<IdleMode, List<LoopFigures>> measured = new EnumMap<>(IdleMode.class);
        for (int i = 0; i < repetitions; i++) {
            for (IdleMode mode : modes) {
                measured.computeIfAbsent(mode, _ -> new ArrayList<>()).add(measure(mode));
            }
        }
        Map<String, LoopFigures> medians = new LinkedHashMap<>();
        modes.forEach(mode ->
                medians.put(mode.name().toLowerCase(Locale.ROOT), median(measured.get(mode))));
        if (json) {
            System.out.println(
                    new ObjectMapper()
                            .writeValueAsString(new Result(seconds, repetitions, medians)));
        } else {
            print(medians);
        }
        return 0;
    }

    private LoopFigures measure(IdleMode mode) throws IOException, InterruptedException {
        try (Workspace workspace = Workspace.create()) {
            Loop loop = Loop.start(workspace, List.of("--idle", mode.name()));
            loop.awaitPrediction(timeoutSeconds * 1_000_000_000L);
            Thread.sleep(runSeconds * 1_000L);
            return LoopFigures.of(loop, seconds * 1_000_000_000L);
        }
    }

    private static LoopFigures median(List<LoopFigures> all) {
        return new LoopFigures(
                median(all, LoopFigures::stepsPerSecond),
                median(all, LoopFigures::predictionsPerSecond),
                median(all, LoopFigures::predictionAgeP50Millis),
                median(all, LoopFigures::predictionAgeP99Millis),
                median(all, LoopFigures::dutyCyclesPercent));
    }

    private static double median(List<LoopFigures> all, ToDoubleFunction<LoopFigures> figure) {
        return SampleStatistics.median(all.stream().mapToDouble(figure).toArray());
    }

    private static void print(Map<String, LoopFigures> modes) {
        System.out.printf(
                Locale.ROOT,
                "%-8s %8s %14s %18s %8s %22s%n",
                "--idle",
                "steps/s",
                "predictions/s",
                "age p50, ms",
                "p99, ms",
                "duty cycles, % of core");
        modes.forEach((mode, figures) ->
                System.out.printf(
                        Locale.ROOT,
                        "%-8s %8.2f %14.2f %18.1f %8.1f %22.1f%n",
                        mode,
                        figures.stepsPerSecond(),
                        figures.predictionsPerSecond(),
                        figures.predictionAgeP50Millis(),
                        figures.predictionAgeP99Millis(),
                        figures.dutyCyclesPercent()));
    }
}
