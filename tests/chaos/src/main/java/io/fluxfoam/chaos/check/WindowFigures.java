package io.fluxfoam.chaos.check;

import io.fluxfoam.chaos.check.LoopSampler.Sample;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the samples of a run come to. Of an undisturbed window only the peaceful part counts, of one
 * under chaos all of it. A figure of a run is the median of its windows.
 */
public final class WindowFigures {
    private final List<Window> windows = new ArrayList<>();

    /** One window's figures, null where there are none. */
    public record Window(
            boolean isDisturbed,
            Double stepsPerSecond,
            Double framesPerSecond,
            Double momentsPerSecond,
            Double heldOut) {}

    /**
     * Of these samples.
     *
     * @param disturbed windows in which a fault began
     */
    WindowFigures(List<Sample> samples, Set<Integer> disturbed) {
        TreeMap<Integer, List<Sample>> byWindow = new TreeMap<>();
        samples.forEach(sample ->
                byWindow.computeIfAbsent(sample.window(), w -> new ArrayList<>()).add(sample));
        byWindow.forEach((window, all) -> windows.add(figures(disturbed.contains(window), all)));
    }

    private static Window figures(boolean isDisturbed, List<Sample> samples) {
        double seconds = 0;
        double steps = 0;
        double stepSeconds = 0;
        double frames = 0;
        List<Sample> counted = new ArrayList<>();
        for (int i = 1; i < samples.size(); i++) {
            Sample before = samples.get(i - 1);
            Sample sample = samples.get(i);
            if (isDisturbed || before.isPeaceful() && sample.isPeaceful()) {
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
                isDisturbed,
                stepSeconds > 0 ? steps / stepSeconds : null,
                seconds > 0 ? frames / seconds : null,
                mean(counted.stream().map(Sample::momentsPerSecond).toList()),
                mean(counted.stream().map(Sample::heldOut).toList()));
    }

    private static Double mean(List<Double> values) {
        OptionalDouble mean =
                values.stream().filter(Objects::nonNull).mapToDouble(Double::doubleValue).average();
        return mean.isPresent() ? mean.getAsDouble() : null;
    }

    public List<Window> windows() {
        return List.copyOf(windows);
    }

    public Double stepsPerSecond(boolean isDisturbed) {
        return Quantile.median(of(isDisturbed).stream().map(Window::stepsPerSecond).toList());
    }

    Double framesPerSecond(boolean isDisturbed) {
        return Quantile.median(of(isDisturbed).stream().map(Window::framesPerSecond).toList());
    }

    public Double momentsPerSecond(boolean isDisturbed) {
        return Quantile.median(of(isDisturbed).stream().map(Window::momentsPerSecond).toList());
    }

    public Double heldOut(boolean isDisturbed) {
        return Quantile.median(of(isDisturbed).stream().map(Window::heldOut).toList());
    }

    private List<Window> of(boolean isDisturbed) {
        return windows.stream().filter(window -> window.isDisturbed == isDisturbed).toList();
    }
}
