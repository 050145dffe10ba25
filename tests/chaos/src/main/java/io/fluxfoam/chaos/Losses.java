package io.fluxfoam.chaos;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a torment cost: how far the loop is behind where it would be at its undisturbed pace. Belongs to the run's thread. */
final class Losses {
    private final Pace pace;
    private final Set<Integer> tormented = new HashSet<>();

    Losses(Pace pace) {
        this.pace = pace;
    }

    /** See {@link Pace#sample}. */
    void sample(double seconds, int window, boolean isPeaceful) throws IOException {
        pace.sample(seconds, window, isPeaceful);
    }

    /** A torment began in this window. */
    void tormented(int window) {
        tormented.add(window);
    }

    /** Frames that the sensor is behind since then; null as long as its undisturbed pace is not known. */
    Long framesSince(Pace.Sample before) {
        Pace.Sample now = pace.newest();
        return before == null
                ? null
                : behind(tempo().framesPerSecond(false), before, now.frames() - before.frames());
    }

    /** Steps that the student is behind since then; null as long as its undisturbed pace is not known. */
    Long stepsSince(Pace.Sample before) {
        Pace.Sample now = pace.newest();
        return before == null || before.step() == null
                ? null
                : behind(tempo().stepsPerSecond(false), before, now.step() - before.step());
    }

    private Long behind(Double perSecond, Pace.Sample before, long done) {
        double seconds = pace.newest().seconds() - before.seconds();
        return perSecond == null ? null : Math.max(0, Math.round(perSecond * seconds) - done);
    }

    Pace.Sample newest() {
        return pace.newest();
    }

    List<Pace.Sample> samples() {
        return pace.samples();
    }

    Tempo tempo() {
        return new Tempo(pace.samples(), tormented);
    }
}
