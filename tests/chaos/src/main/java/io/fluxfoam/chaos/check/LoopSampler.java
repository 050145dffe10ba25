package io.fluxfoam.chaos.check;

import io.fluxfoam.chaos.process.NodeTracker;
import io.fluxfoam.counters.CounterSpec;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.liveness.MarkView;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How fast the loop goes, from the counters of sensor, student and evaluator, sampled through all
 * of their lives. Belongs to the run's thread.
 */
public final class LoopSampler {
    private static final CounterSpec TOP1 = LoopCounters.TOP1.of(LoopCounters.SEEN_WORDS);

    private final NodeTracker nodes;
    private final List<Sample> samples = new ArrayList<>();
    private long sensorIncarnation;
    private long sensorFrames;
    private long frames;
    private Long step;

    /**
     * One look.
     *
     * @param seconds since the run began
     * @param window of the rhythm
     * @param isPeaceful whether no fault was going on, nor had been shortly before
     * @param step of the student, through all its lives; null before its first
     * @param frames that the sensor has published since the run began
     * @param momentsPerSecond null before the student's first figure; 0 while it is dead
     * @param heldOut top-1 on unseen combinations of seen words; null before the evaluator's first
     */
    public record Sample(
            double seconds,
            int window,
            boolean isPeaceful,
            Long step,
            long frames,
            Double momentsPerSecond,
            Double heldOut) {}

    public LoopSampler(NodeTracker nodes) {
        this.nodes = nodes;
    }

    void sample(double seconds, int window, boolean isPeaceful) throws IOException {
        countFrames();
        Optional<CountersSnapshot> student = counters(Roles.STUDENT);
        student.map(counters -> counters.number(LoopCounters.STEP))
                .filter(number -> number > 0) // a student that loads has no step yet
                .ifPresent(number -> step = number.longValue());
        Double moments =
                student.map(counters -> counters.number(LoopCounters.MOMENTS_PER_SECOND))
                        .orElse(Double.NaN);
        samples.add(
                new Sample(
                        seconds,
                        window,
                        isPeaceful,
                        step,
                        frames,
                        step == null ? null : finiteOr(moments, 0.0),
                        counters(Roles.EVALUATOR)
                                .map(counters -> finiteOr(counters.number(TOP1), null))
                                .orElse(null)));
    }

    private static Double finiteOr(double value, Double other) {
        return Double.isFinite(value) ? Double.valueOf(value) : other;
    }

    private Optional<CountersSnapshot> counters(String role) throws IOException {
        Optional<MarkView> node = nodes.living(role);
        return node.isPresent() ? nodes.counters(node.get()) : Optional.empty();
    }

    /** The counter begins anew with each life of the sensor. */
    private void countFrames() throws IOException {
        Optional<CountersSnapshot> counters = counters(Roles.SENSOR);
        if (counters.isEmpty() || !Double.isFinite(counters.get().number(LoopCounters.FRAMES))) {
            return;
        }
        long now = (long) counters.get().number(LoopCounters.FRAMES);
        boolean isFirst = sensorIncarnation == 0;
        boolean isSame = counters.get().incarnation() == sensorIncarnation;
        frames += isFirst ? 0 : isSame ? now - sensorFrames : now;
        sensorIncarnation = counters.get().incarnation();
        sensorFrames = now;
    }

    /** Whether there is a sensor or a student to go by. */
    boolean isKnown() {
        return sensorIncarnation != 0 || step != null;
    }

    /** The newest look; null before the first. */
    Sample newest() {
        return samples.isEmpty() ? null : samples.getLast();
    }

    List<Sample> samples() {
        return List.copyOf(samples);
    }
}
