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

    /**
     * What is missing since a moment; null as long as the undisturbed pace is not known.
     *
     * @param frames that the sensor is behind
     * @param steps that the student is behind
     */
    record Lost(Long frames, Long steps) {}

    /** What is missing since then. */
    Lost since(Pace.Sample before) {
        if (before == null || !pace.isKnown()) {
            return new Lost(null, null);
        }
        Tempo tempo = tempo();
        Pace.Sample now = pace.newest();
        Long frames = behind(tempo.framesPerSecond(false), before, now.frames() - before.frames());
        Long steps =
                before.step() == null ? null : behind(tempo.stepsPerSecond(false), before, now.step() - before.step());
        return new Lost(frames, steps);
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
