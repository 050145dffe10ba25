package io.fluxfoam.chaos.check;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a fault cost: how far the loop is behind where it would be at its undisturbed pace. Belongs
 * to the run's thread.
 */
public final class LostWork {
    private final LoopSampler pace;
    private final Set<Integer> disturbed = new HashSet<>();

    public LostWork(LoopSampler pace) {
        this.pace = pace;
    }

    /** See {@link LoopSampler#sample}. */
    public void sample(double seconds, int window, boolean isPeaceful) throws IOException {
        pace.sample(seconds, window, isPeaceful);
    }

    /** A fault began in this window. */
    public void disturbed(int window) {
        disturbed.add(window);
    }

    /**
     * What is missing since a moment; null as long as the undisturbed pace is not known.
     *
     * @param frames that the sensor is behind
     * @param steps that the student is behind
     */
    public record Lost(Long frames, Long steps) {}

    /** What is missing since then. */
    public Lost since(LoopSampler.Sample before) {
        if (before == null || !pace.isKnown()) {
            return new Lost(null, null);
        }
        WindowFigures figures = figures();
        LoopSampler.Sample now = pace.newest();
        Long frames =
                behind(figures.framesPerSecond(false), before, now.frames() - before.frames());
        Long steps =
                before.step() == null
                        ? null
                        : behind(figures.stepsPerSecond(false), before, now.step() - before.step());
        return new Lost(frames, steps);
    }

    private Long behind(Double perSecond, LoopSampler.Sample before, long done) {
        double seconds = pace.newest().seconds() - before.seconds();
        return perSecond == null ? null : Math.max(0, Math.round(perSecond * seconds) - done);
    }

    public LoopSampler.Sample newest() {
        return pace.newest();
    }

    public List<LoopSampler.Sample> samples() {
        return pace.samples();
    }

    public WindowFigures figures() {
        return new WindowFigures(pace.samples(), disturbed);
    }
}
