package io.fluxfoam.bench.bridge;

import io.fluxfoam.bench.measure.SampleStatistics;
import io.fluxfoam.bench.process.Workspace;
import io.fluxfoam.chaos.wire.SharedKey;
import io.fluxfoam.chaos.wire.Weather;
import io.fluxfoam.coordinator.status.FoamStatus;
import io.fluxfoam.coordinator.status.NodeStatus;
import io.fluxfoam.coordinator.status.StreamStatus;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What a bridge between student and teachers costs a student: loops of the same seeds in one box
 * and over a bridge, one of each in turn. And what a wire that is cut for long does to it.
 */
final class LearningBench {
    private static final long JOIN_NS = 900_000_000_000L;
    private static final long LOOK_EVERY_MS = 200;
    private static final double SECOND = 1e9;

    /** Where the teachers are. */
    private enum Place {
        ONE_BOX("one box", null),
        BRIDGE("over a bridge", Weather.FAIR),
        BAD_WIRE("5 ms, 1% lost, each way", new Weather(5, 0.01));

        private final String label;
        private final Weather weather;

        Place(String label, Weather weather) {
            this.label = label;
            this.weather = weather;
        }
    }

    private final long seed;
    private final Map<Place, List<LearningFigures>> measured = new EnumMap<>(Place.class);

    LearningBench(long seed) {
        this.seed = seed;
    }

    /** Runs and prints all of it; whether no tensor of another frame was seen or trained on. */
    boolean run(int seconds, int repetitions) throws IOException, InterruptedException {
        System.out.printf(
                Locale.ROOT,
                "%-26s %8s %10s %9s %10s %8s %9s   held-out top-1%n",
                "teachers",
                "steps/s",
                "moments/s",
                "compared",
                "different",
                "trained",
                "strangers");
        for (int i = 0; i < repetitions; i++) {
            for (Place place : Place.values()) {
                LearningFigures figures = measure(place, seed + i, seconds);
                measured.computeIfAbsent(place, _ -> new ArrayList<>()).add(figures);
                print(place.label, figures);
            }
        }
        for (Place place : Place.values()) {
            System.out.printf(
                    Locale.ROOT,
                    "%-26s steps %.3f, moments %.3f of one box's, median of %d pairs; held-out %s%n",
                    place.label,
                    ratio(place, LearningFigures::stepsPerSecond),
                    ratio(place, LearningFigures::momentsPerSecond),
                    repetitions,
                    spread(place));
        }
        return measured.values().stream()
                .flatMap(List::stream)
                .allMatch(figures -> figures.findings().isClean());
    }

    private static LearningFigures measure(Place place, long seed, int seconds)
            throws IOException, InterruptedException {
        try (Workspace workspace = Workspace.create();
                BoxedLoop loop =
                        place == Place.ONE_BOX
                                ? BoxedLoop.inOneBox(workspace, seed)
                                : BoxedLoop.overABridge(
                                        workspace,
                                        seed,
                                        SharedKey.in(workspace.directory()),
                                        place.weather);
                TwinCheck check = new TwinCheck(loop.near(), loop.far())) {
            loop.awaitLearning(JOIN_NS);
            return LearningFigures.of(loop, check, (long) (seconds * SECOND));
        }
    }

    private static void print(String label, LearningFigures figures) {
        TwinCheck.Findings found = figures.findings();
        System.out.printf(
                Locale.ROOT,
                "%-26s %8.2f %10.2f %9d %10d %8d %9d   %s%n",
                label,
                figures.stepsPerSecond(),
                figures.momentsPerSecond(),
                found.compared(),
                found.different(),
                found.trained(),
                found.strangers(),
                figures.heldOut());
    }

    /** Of the pairs, which were measured one after the other. */
    private double ratio(Place place, ToDoubleFunction<LearningFigures> figure) {
        List<LearningFigures> base = measured.get(Place.ONE_BOX);
        List<LearningFigures> other = measured.get(place);
        double[] ratios = new double[base.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = figure.applyAsDouble(other.get(i)) / figure.applyAsDouble(base.get(i));
        }
        return SampleStatistics.median(ratios);
    }

    private String spread(Place place) {
        List<Map<String, Double>> all =
                measured.get(place).stream().map(LearningFigures::heldOut).toList();
        return all.stream()
                .flatMap(one -> one.keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .map(set -> set + " " + spread(all, set))
                .collect(Collectors.joining(", "));
    }

    private static String spread(List<Map<String, Double>> all, String set) {
        double[] values =
                all.stream()
                        .filter(one -> one.containsKey(set))
                        .mapToDouble(one -> one.get(set))
                        .sorted()
                        .toArray();
        return String.format(Locale.ROOT, "%.3f..%.3f", values[0], values[values.length - 1]);
    }

    /**
     * Cuts the wire of a loop that learns for so long.
     *
     * @return whether both sides went on and all healed
     */
    boolean cut(int seconds) throws IOException, InterruptedException {
        try (Workspace workspace = Workspace.create();
                BoxedLoop loop =
                        BoxedLoop.overABridge(
                                workspace,
                                seed,
                                SharedKey.in(workspace.directory()),
                                Weather.FAIR);
                TwinCheck check = new TwinCheck(loop.near(), loop.far())) {
            loop.awaitLearning(JOIN_NS);
            Pace before = pace(loop, seconds);
            long cutNs = System.nanoTime();
            loop.become(Weather.CUT);
            Pace during = pace(loop, seconds);
            boolean isDown =
                    loop.mirrors().stream()
                            .allMatch(node ->
                                    node.state().equals("ALIVE")
                                            && node.link() != null
                                            && node.link().state().equals("DOWN"));
            boolean goOn = loop.teachers().stream().allMatch(node -> node.state().equals("ALIVE"));
            long sequence = sequence(loop.mirrors());
            long mendedNs = System.nanoTime();
            loop.become(Weather.FAIR);
            while (sequence(loop.mirrors()) < sequence + BoxedLoop.TEACHERS.size()) {
                if (System.nanoTime() - mendedNs > JOIN_NS) {
                    throw new IOException("nothing comes after the wire was mended");
                }
                Thread.sleep(LOOK_EVERY_MS);
            }
            double backSeconds = (System.nanoTime() - mendedNs) / SECOND;
            Pace after = pace(loop, seconds);
            TwinCheck.Findings found = check.findings();
            System.out.printf(
                    Locale.ROOT,
                    "wire cut for %.0f s: steps/s %.2f before, %.2f meanwhile, %.2f after; fresh moments/s %.2f, %.2f, %.2f; mirrors"
                            + " alive and the link down: %b; teachers alive: %b; tensors come %.1f s after it was mended; compared %d, different %d,"
                            + " trained %d, strangers %d%n",
                    (mendedNs - cutNs) / SECOND,
                    before.steps,
                    during.steps,
                    after.steps,
                    before.moments,
                    during.moments,
                    after.moments,
                    isDown,
                    goOn,
                    backSeconds,
                    found.compared(),
                    found.different(),
                    found.trained(),
                    found.strangers());
            return isDown
                    && goOn
                    && during.steps > 0
                    && after.steps > 0
                    && after.moments > 0
                    && found.isClean();
        }
    }

    /** Of the student: steps a second over a while, fresh moments a second at its end. */
    private record Pace(double steps, double moments) {}

    private static Pace pace(BoxedLoop loop, int seconds) throws IOException, InterruptedException {
        long startNs = System.nanoTime();
        long before = LearningFigures.step(loop.status());
        Thread.sleep(seconds * 1_000L);
        FoamStatus status = loop.status();
        double steps =
                (LearningFigures.step(status) - before) * SECOND / (System.nanoTime() - startNs);
        Double moments = status.student().momentsPerSecond();
        return new Pace(steps, moments == null ? 0 : moments);
    }

    private static long sequence(List<NodeStatus> nodes) {
        return nodes.stream()
                .flatMap(node -> node.streams().stream())
                .map(StreamStatus::sequence)
                .mapToLong(sequence -> sequence == null ? 0 : sequence)
                .sum();
    }
}
