package io.fluxfoam.learn;

import io.fluxfoam.learn.ArmPlan.Memory;
import io.fluxfoam.student.net.Viscosity;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * A world of five classes, in which for 50 steps every target is the same wrong one; then for 50
 * steps another world of the five other classes; then that one for good. What weights that resist
 * are to help with.
 */
final class DriftingWorld implements LearnProtocol {
    private static final int CHUNK = 32;
    private static final int HIDDEN = 100;
    private static final int LONG = 1_000;
    private static final int CALM = 200;
    private static final int SHORT = 50;
    private static final int CHUNKS = 2 * LONG + 2 * CALM + 2 * SHORT;

    private final LabelledPictures training;
    private final LabelledPictures exam;
    private final StreamPace pace;
    private final long memoryBytes;

    DriftingWorld(
            LabelledPictures training, LabelledPictures exam, StreamPace pace, long memoryBytes) {
        this.training = training;
        this.exam = exam;
        this.pace = pace;
        this.memoryBytes = memoryBytes;
    }

    @Override
    public String name() {
        return "viscosity";
    }

    @Override
    public String figure() {
        return "mean accuracy: first world when known, after a glitch, after an excursion, both worlds in the end";
    }

    @Override
    public String reference() {
        return "off";
    }

    @Override
    public String axis() {
        return "known, glitch, calm, excursion, calm, the other world: accuracy on the first world";
    }

    @Override
    public List<ArmPlan> arms() {
        return List.of(
                ArmPlan.of("off"),
                ArmPlan.of("literal").with(Viscosity.literal(1, 10, false)),
                ArmPlan.of("v2").with(Viscosity.v2(30, 2e-3, false)),
                ArmPlan.of("v2-stiff").with(Viscosity.v2(100, 2e-3, false)),
                ArmPlan.of("v2-temperature").with(Viscosity.v2(30, 2e-3, true)),
                ArmPlan.of("replay").with(Memory.KEPT),
                ArmPlan.of("replay-v2").with(Memory.KEPT).with(Viscosity.v2(30, 2e-3, false)),
                ArmPlan.of("placebo").placebo());
    }

    @Override
    public LearnRun run(ArmPlan plan, long seed, double learningRate, double strength) {
        LearnerSettings settings =
                new LearnerSettings(seed, learningRate, strength, memoryBytes, CHUNK, CHUNK);
        try (ContinualLearner learner =
                new ContinualLearner(
                        plan,
                        settings,
                        List.of(),
                        training.inputs(),
                        HIDDEN,
                        HIDDEN,
                        training.classes())) {
            return new Walk(learner, plan, seed).run();
        }
    }

    /** One run. */
    private final class Walk {
        private final ContinualLearner learner;
        private final ArmPlan plan;
        private final SplittableRandom random;
        private final int[] classes;
        private final CpuClock clock = new CpuClock();
        private int chunk;
        private long steps;

        Walk(ContinualLearner learner, ArmPlan plan, long seed) {
            this.learner = learner;
            this.plan = plan;
            random = new SplittableRandom(seed);
            classes = new int[training.classes()];
            for (int i = 0; i < classes.length; i++) {
                classes[i] = i;
            }
            Shuffle.of(classes, random);
        }

        LearnRun run() {
            boolean[] first = world(0);
            boolean[] second = world(classes.length / 2);
            List<Double> curve = new ArrayList<>();
            live(LONG, first, this::right);
            curve.add(learner.accuracyOf(exam, first));
            live(SHORT, first, _ -> classes[0]);
            curve.add(learner.accuracyOf(exam, first));
            live(CALM, first, this::right);
            curve.add(learner.accuracyOf(exam, first));
            live(SHORT, second, this::right);
            curve.add(learner.accuracyOf(exam, first));
            live(CALM, first, this::right);
            curve.add(learner.accuracyOf(exam, first));
            live(LONG, second, this::right);
            curve.add(learner.accuracyOf(exam, first));
            double other = learner.accuracyOf(exam, second);
            Map<String, Double> details = new LinkedHashMap<>();
            details.put("known", curve.get(0));
            details.put("glitch", curve.get(1));
            details.put("excursion", curve.get(3));
            details.put("kept", curve.get(5));
            details.put("other", other);
            double both = (curve.get(5) + other) / 2;
            double figure = (curve.get(0) + curve.get(1) + curve.get(3) + both) / 4;
            return new LearnRun(figure, clock.total(), steps, learner.bytes(), curve, details);
        }

        private int right(int index) {
            return plan.isPlacebo() ? random.nextInt(training.classes()) : training.label(index);
        }

        private boolean[] world(int from) {
            boolean[] world = new boolean[classes.length];
            for (int i = 0; i < classes.length / 2; i++) {
                world[classes[from + i]] = true;
            }
            return world;
        }

        private void live(int chunks, boolean[] world, IntFunction<Integer> says) {
            for (int i = 0; i < chunks; i++) {
                List<Glimpse> newest = new ArrayList<>();
                while (newest.size() < CHUNK) {
                    int index = random.nextInt(training.count());
                    if (world[training.label(index)]) {
                        float[] target = new float[training.classes()];
                        target[says.apply(index)] = 1;
                        newest.add(new Glimpse(training, index, null, target));
                    }
                }
                clock.resume();
                steps += pace.step(clock, chunk++, CHUNKS, () -> learner.step(newest));
                learner.leave(newest);
                clock.pause();
            }
        }
    }
}
