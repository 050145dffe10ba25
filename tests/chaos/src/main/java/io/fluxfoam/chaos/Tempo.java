package io.fluxfoam.chaos;

import io.fluxfoam.chaos.Pace.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the samples of a run come to. Of an undisturbed window only the peaceful part counts, of one under chaos all of it. A
 * figure of a run is the median of its windows.
 */
final class Tempo {
    private final List<Window> windows = new ArrayList<>();

    /** One window's figures, null where there are none. */
    record Window(
            boolean isTormented,
            Double stepsPerSecond,
            Double framesPerSecond,
            Double momentsPerSecond,
            Double heldOut) {}

    /**
     * Of these samples.
     *
     * @param tormented windows in which a torment began
     */
    Tempo(List<Sample> samples, Set<Integer> tormented) {
        TreeMap<Integer, List<Sample>> byWindow = new TreeMap<>();
        samples.forEach(sample -> byWindow.computeIfAbsent(sample.window(), w -> new ArrayList<>()).add(sample));
        byWindow.forEach((window, all) -> windows.add(figures(tormented.contains(window), all)));
    }

    private static Window figures(boolean isTormented, List<Sample> samples) {
        double seconds = 0;
        double steps = 0;
        double stepSeconds = 0;
        double frames = 0;
        List<Sample> counted = new ArrayList<>();
        for (int i = 1; i < samples.size(); i++) {
            Sample before = samples.get(i - 1);
            Sample sample = samples.get(i);
            if (isTormented || before.isPeaceful() && sample.isPeaceful()) {
                double elapsed = sample.seconds() - before.seconds();
                seconds += elapsed;
                frames += sample.frames() - before.frames();
                if (before.step() != null) {
                    steps += sample.step() - before.step();
                    stepSeconds += elapsed;
                }
                counted.add(sample);
            }
        }
        return new Window(
                isTormented,
                stepSeconds > 0 ? steps / stepSeconds : null,
                seconds > 0 ? frames / seconds : null,
                mean(counted.stream().map(Sample::momentsPerSecond).toList()),
                mean(counted.stream().map(Sample::heldOut).toList()));
    }

    private static Double mean(List<Double> values) {
        OptionalDouble mean = values.stream().filter(Objects::nonNull).mapToDouble(Double::doubleValue).average();
        return mean.isPresent() ? mean.getAsDouble() : null;
    }

    List<Window> windows() {
        return List.copyOf(windows);
    }

    Double stepsPerSecond(boolean isTormented) {
        return Quantile.median(of(isTormented).stream().map(Window::stepsPerSecond).toList());
    }

    Double framesPerSecond(boolean isTormented) {
        return Quantile.median(of(isTormented).stream().map(Window::framesPerSecond).toList());
    }

    Double momentsPerSecond(boolean isTormented) {
        return Quantile.median(of(isTormented).stream().map(Window::momentsPerSecond).toList());
    }

    Double heldOut(boolean isTormented) {
        return Quantile.median(of(isTormented).stream().map(Window::heldOut).toList());
    }

    private List<Window> of(boolean isTormented) {
        return windows.stream().filter(window -> window.isTormented == isTormented).toList();
    }
}
