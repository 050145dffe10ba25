package io.fluxfoam.learn;

import io.fluxfoam.learn.ArmPlan.Brake;
import io.fluxfoam.learn.ArmPlan.Memory;
import io.fluxfoam.student.net.Viscosity;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Five teachers, each an expert of two classes only, come one after another and leave. The student
 * is told nothing of that, and is asked for all ten classes in the end.
 */
final class SplitFashion implements LearnProtocol {
    private static final int CHUNK = 16;
    private static final int REPLAYED = 48;
    private static final int HIDDEN = 100;
    private static final int POINTS = 5;
    private static final int GLANCE = 2_000;

    /** Of the weight of what the student said itself. */
    private static final Double[] GRID = {.1, .3, 1.0};

    private static final Double OWN = .3;

    private final LabelledPictures training;
    private final LabelledPictures exam;
    private final StreamPace pace;
    private final long memoryBytes;
    private final int mostOfTeacher;
    private final boolean isUneven;
    private final Map<Long, List<List<Glimpse>>> streams = new ConcurrentHashMap<>();

    SplitFashion(
            LabelledPictures training,
            LabelledPictures exam,
            StreamPace pace,
            long memoryBytes,
            int mostOfTeacher,
            boolean isUneven) {
        this.training = training;
        this.exam = exam;
        this.pace = pace;
        this.memoryBytes = memoryBytes;
        this.mostOfTeacher = mostOfTeacher;
        this.isUneven = isUneven;
    }

    @Override
    public String name() {
        return "split-fashion";
    }

    @Override
    public String figure() {
        return "accuracy over all classes when the last teacher has left";
    }

    @Override
    public String reference() {
        return "der++";
    }

    @Override
    public String axis() {
        return "moments of the stream";
    }

    @Override
    public List<ArmPlan> arms() {
        ArmPlan er = ArmPlan.of("er").with(Memory.KEPT);
        ArmPlan der = er.named("der++").keepingOwn(GRID);
        ArmPlan ours = er.named("ours").keepingOwn(OWN).balanced(true).withBits(4).askingShifted();
        return List.of(
                ArmPlan.of("joint").with(Memory.ALL),
                ArmPlan.of("adamw"),
                ArmPlan.of("ewc").with(Brake.EWC, 10.0, 100.0, 1000.0),
                ArmPlan.of("si").with(Brake.SI, .1, 1.0, 10.0),
                er,
                er.named("er-ace").askingPresent(),
                der,
                der.named("der++-4bit").withBits(4),
                er.named("balanced").balanced(true),
                ours,
                ours.named("ours-8bit").withBits(Byte.SIZE),
                ours.named("ours-uniform").balanced(false),
                ours.named("ours-present").askingPresent(),
                ours.named("ours-all").askingAll(),
                ours.named("ours-v2").with(Viscosity.v2(30, 2e-3, false)),
                ours.named("ours-renewal").with(Brake.RENEWAL, OWN),
                ours.named("placebo").placebo());
    }

    @Override
    public LearnRun run(ArmPlan plan, long seed, double learningRate, double strength) {
        List<List<Glimpse>> teachers =
                streams.computeIfAbsent(
                        seed, of -> ExpertTeachers.streams(training, of, mostOfTeacher, isUneven));
        if (plan.isPlacebo()) {
            teachers = shuffled(teachers, seed);
        }
        List<Glimpse> everything = new ArrayList<>();
        teachers.forEach(everything::addAll);
        LearnerSettings settings =
                new LearnerSettings(seed, learningRate, strength, memoryBytes, CHUNK, REPLAYED);
        try (ContinualLearner learner =
                new ContinualLearner(
                        plan,
                        settings,
                        everything,
                        training.inputs(),
                        HIDDEN,
                        HIDDEN,
                        training.classes())) {
            return run(learner, teachers);
        }
    }

    private LearnRun run(ContinualLearner learner, List<List<Glimpse>> teachers) {
        CpuClock clock = new CpuClock();
        List<Double> curve = new ArrayList<>();
        int chunks = teachers.stream().mapToInt(one -> chunks(one)).sum();
        int chunk = 0;
        long steps = 0;
        for (List<Glimpse> teacher : teachers) {
            int own = chunks(teacher);
            for (int i = 0; i < own; i++) {
                List<Glimpse> newest =
                        teacher.subList(i * CHUNK, Math.min(teacher.size(), (i + 1) * CHUNK));
                clock.resume();
                steps += pace.step(clock, chunk++, chunks, () -> learner.step(newest));
                learner.leave(newest);
                if (i == own - 1 && learner.isTold()) {
                    learner.boundary(teacher);
                }
                clock.pause();
                if ((i + 1) % Math.max(1, own / POINTS) == 0) {
                    curve.add(learner.accuracy(exam, 0, Math.min(GLANCE, exam.count())));
                }
            }
        }
        double figure = learner.accuracy(exam, 0, exam.count());
        return new LearnRun(
                figure, clock.total(), steps, learner.bytes(), curve, new LinkedHashMap<>());
    }

    private static int chunks(List<Glimpse> teacher) {
        return (teacher.size() + CHUNK - 1) / CHUNK;
    }

    /** The same pictures, each with what was said of another. */
    private static List<List<Glimpse>> shuffled(List<List<Glimpse>> teachers, long seed) {
        List<Glimpse> all = new ArrayList<>();
        teachers.forEach(all::addAll);
        int[] order = new int[all.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        Shuffle.of(order, new SplittableRandom(seed + 5));
        List<List<Glimpse>> shuffled = new ArrayList<>();
        int next = 0;
        for (List<Glimpse> teacher : teachers) {
            List<Glimpse> own = new ArrayList<>();
            for (Glimpse glimpse : teacher) {
                own.add(
                        new Glimpse(
                                glimpse.pictures(),
                                glimpse.index(),
                                glimpse.order(),
                                all.get(order[next++]).target()));
            }
            shuffled.add(own);
        }
        return shuffled;
    }
}
