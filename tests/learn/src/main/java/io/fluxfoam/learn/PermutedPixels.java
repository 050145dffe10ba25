package io.fluxfoam.learn;

import io.fluxfoam.learn.ArmPlan.Brake;
import io.fluxfoam.learn.ArmPlan.Memory;
import io.fluxfoam.student.net.ParameterGroup;
import io.fluxfoam.student.net.PixelNet;
import io.fluxfoam.student.net.Viscosity;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One task after the other, each with the pixels in another order and a few hundred pictures: is
 * who has learned many as quick a learner as at the beginning? After each task the student is asked
 * for held-out pictures of it, as it is at that moment.
 */
final class PermutedPixels implements LearnProtocol {
    private static final int PICTURES = 320;
    private static final int ASKED = 500;
    private static final int PASSES = 4;
    private static final int CHUNK = 16;
    private static final int REPLAYED = 16;
    private static final int HIDDEN = 100;
    private static final int TEN = 10;

    private final LabelledPictures training;
    private final LabelledPictures exam;
    private final StreamPace pace;
    private final long memoryBytes;
    private final int tasks;

    PermutedPixels(
            LabelledPictures training,
            LabelledPictures exam,
            StreamPace pace,
            long memoryBytes,
            int tasks) {
        this.training = training;
        this.exam = exam;
        this.pace = pace;
        this.memoryBytes = memoryBytes;
        this.tasks = tasks;
    }

    @Override
    public String name() {
        return "permuted";
    }

    @Override
    public String figure() {
        return "accuracy on the last ten of " + tasks + " tasks, each right after it was learned";
    }

    @Override
    public String reference() {
        return "adamw";
    }

    @Override
    public String axis() {
        return "tens of tasks";
    }

    @Override
    public List<ArmPlan> arms() {
        ArmPlan ours = ArmPlan.of("ours").with(Memory.KEPT).balanced(true).askingShifted();
        return List.of(
                ArmPlan.of("adamw"),
                ArmPlan.of("v2").with(Viscosity.v2(30, 2e-3, false)),
                ArmPlan.of("v2-temperature").with(Viscosity.v2(30, 2e-3, true)),
                ArmPlan.of("renewal").with(Brake.RENEWAL, 1.0, 10.0),
                ArmPlan.of("shrink").with(Brake.SHRINK, 1.0, 10.0),
                ours,
                ours.named("ours-renewal").with(Brake.RENEWAL, 1.0, 10.0),
                ArmPlan.of("placebo").placebo());
    }

    @Override
    public LearnRun run(ArmPlan plan, long seed, double learningRate, double strength) {
        LearnerSettings settings =
                new LearnerSettings(seed, learningRate, strength, memoryBytes, CHUNK, REPLAYED);
        try (ContinualLearner learner =
                new ContinualLearner(
                        plan,
                        settings,
                        List.of(),
                        training.inputs(),
                        HIDDEN,
                        HIDDEN,
                        training.classes())) {
            return run(learner, plan, seed);
        }
    }

    private LearnRun run(ContinualLearner learner, ArmPlan plan, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        CpuClock clock = new CpuClock();
        int chunksOfTask = PASSES * PICTURES / CHUNK;
        double[] accuracies = new double[tasks];
        long steps = 0;
        Map<String, Double> details = new LinkedHashMap<>();
        for (int task = 0; task < tasks; task++) {
            int[] order = order(random);
            List<Glimpse> glimpses = glimpses(plan, order, random);
            for (int i = 0; i < chunksOfTask; i++) {
                int base = i * CHUNK % PICTURES;
                List<Glimpse> newest = glimpses.subList(base, base + CHUNK);
                clock.resume();
                steps +=
                        pace.step(
                                clock,
                                task * chunksOfTask + i,
                                tasks * chunksOfTask,
                                () -> learner.step(newest));
                if (i < PICTURES / CHUNK) {
                    learner.leave(newest);
                }
                clock.pause();
            }
            int from = random.nextInt(exam.count() - ASKED);
            accuracies[task] = learner.accuracyNow(exam, from, from + ASKED, order);
            if (task == TEN - 1 || task == tasks - 1) {
                describe(learner, from, order, task == TEN - 1 ? "first" : "last", details);
            }
        }
        double first = mean(accuracies, 0);
        double last = mean(accuracies, tasks - TEN);
        details.put("firstTen", first);
        details.put("lost", first - last);
        List<Double> curve = new ArrayList<>();
        for (int from = 0; from + TEN <= tasks; from += TEN) {
            curve.add(mean(accuracies, from));
        }
        return new LearnRun(last, clock.total(), steps, learner.bytes(), curve, details);
    }

    private void describe(
            ContinualLearner learner,
            int from,
            int[] order,
            String when,
            Map<String, Double> details) {
        PixelNet.Vitality vitality = learner.vitality(exam, from, order);
        details.put(when + "Dead", vitality.dead());
        details.put(when + "Rank", vitality.effectiveRank());
        details.put(when + "Norm", norm(learner.net().parameters()));
    }

    private static double norm(ParameterGroup group) {
        double squares = 0;
        for (long i = 0; i < group.parameterCount(); i++) {
            double value = group.values().getAtIndex(ValueLayout.JAVA_FLOAT, i);
            squares += value * value;
        }
        return Math.sqrt(squares);
    }

    private static double mean(double[] values, int from) {
        double sum = 0;
        for (int i = from; i < from + TEN; i++) {
            sum += values[i] / TEN;
        }
        return sum;
    }

    private int[] order(SplittableRandom random) {
        int[] order = new int[training.inputs()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        Shuffle.of(order, random);
        return order;
    }

    private List<Glimpse> glimpses(ArmPlan plan, int[] order, SplittableRandom random) {
        List<Glimpse> glimpses = new ArrayList<>();
        for (int i = 0; i < PICTURES; i++) {
            int index = random.nextInt(training.count());
            float[] target = new float[training.classes()];
            int shown = random.nextInt(training.classes());
            target[plan.isPlacebo() ? shown : training.label(index)] = 1;
            glimpses.add(new Glimpse(training, index, order, target));
        }
        return glimpses;
    }
}
