package io.fluxfoam.learn;

import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.Width;
import io.fluxfoam.student.StudentSettings;
import io.fluxfoam.student.WorldStudent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Two worlds from tapes take turns, and the student, which is the whole student of the foam, is
 * told nothing: how much does it know of each in the end, beside one that was shown as many frames
 * of that world alone? Steps are by frames, so each arm takes as many.
 */
final class SwitchingWorlds implements LearnProtocol {
    /** Frames whose targets a frame learns from in the placebo are so many before it. */
    private static final int SHUFFLED_BY = 7;

    /** The packaged student's: what each arm would choose is not looked for. */
    static final List<Double> RATES = List.of(2e-3);

    /** Of permuted pixels: many units begin anew in the few steps that a tape is good for. */
    private static final double RENEWAL = 1e-4;

    private static final int MATURITY = 100;

    /** DER++'s weight of .3, beside the target's of 1. */
    private static final double OWN_SHARE = .3 / 1.3;

    private static final String ALONE = "alone";

    private final List<Path> tapes;
    private final Setting setting;
    private final List<WorldExam> exams = new ArrayList<>();
    private final Map<Long, List<WorldExam.Figures>> alone = new ConcurrentHashMap<>();

    /**
     * How it goes.
     *
     * @param frames of a turn, held-out ones too
     * @param turns of both worlds together
     * @param stepsPerFrame of the optimizer, for each frame that is shown
     * @param moments that each memory has room for
     * @param examined held-out frames of each world
     */
    record Setting(
            int frames, int turns, double stepsPerFrame, int moments, int examined, Width width) {}

    /**
     * Of these tapes.
     *
     * @throws IOException if one is none, or if they are not of the same sensor and teachers
     */
    SwitchingWorlds(List<Path> tapes, Setting setting) throws IOException {
        this.tapes = tapes;
        this.setting = setting;
        List<TapedWorld> worlds = open();
        try {
            TapedWorld first = worlds.getFirst();
            for (TapedWorld world : worlds) {
                exams.add(new WorldExam(world.heldOut(setting.examined())));
                require(
                        world.sensor().frame().equals(first.sensor().frame()),
                        "frames",
                        first.sensor().frame(),
                        world.sensor().frame());
                require(world.dims().equals(first.dims()), "teachers", first.dims(), world.dims());
            }
        } finally {
            worlds.forEach(TapedWorld::close);
        }
    }

    private static void require(boolean isSame, String what, Object first, Object other) {
        if (!isSame) {
            throw new IllegalArgumentException(
                    "tapes have other " + what + ": " + first + " and " + other);
        }
    }

    private List<TapedWorld> open() throws IOException {
        List<TapedWorld> worlds = new ArrayList<>();
        for (Path tape : tapes) {
            worlds.add(new TapedWorld(tape));
        }
        return worlds;
    }

    @Override
    public String name() {
        return "worlds";
    }

    @Override
    public String figure() {
        return "what is known of both worlds after "
                + setting.turns()
                + " turns of "
                + setting.frames()
                + " frames, as a share of what one knows that was shown as many of one alone";
    }

    @Override
    public String reference() {
        return "replay";
    }

    @Override
    public String axis() {
        return "turns";
    }

    @Override
    public List<ArmPlan> arms() {
        return List.of(
                ArmPlan.of(ALONE),
                ArmPlan.of("replay"),
                ArmPlan.of("reservoir"),
                ArmPlan.of("balanced"),
                ArmPlan.of("balanced-der++"),
                ArmPlan.of("balanced-renewal"),
                ArmPlan.of("adamw"),
                ArmPlan.of("placebo"));
    }

    private StudentSettings settings(String arm, long seed, double learningRate) {
        int all = setting.moments();
        StudentSettings settings =
                new StudentSettings()
                        .seed(seed)
                        .learningRate(learningRate)
                        .width(setting.width())
                        .replayMoments(all);
        return switch (arm) {
            case "adamw" -> settings.replayMoments(WorldStudent.LEAST_MOMENTS);
            case "reservoir", "balanced", "balanced-der++", "balanced-renewal" ->
                    settings.replayMoments(all / 2)
                            .reservoir(all - all / 2, .5, !arm.equals("reservoir"))
                            .reservoirOwn(arm.endsWith("der++") ? OWN_SHARE : 0)
                            .renewal(arm.endsWith("renewal") ? RENEWAL : 0, MATURITY);
            default -> settings;
        };
    }

    @Override
    public LearnRun run(ArmPlan plan, long seed, double learningRate, double strength) {
        List<WorldExam.Figures> best = alone.computeIfAbsent(seed, of -> alone(of, learningRate));
        if (plan.name().equals(ALONE)) {
            Map<String, Double> details = new LinkedHashMap<>();
            for (int world = 0; world < tapes.size(); world++) {
                describe(world, best.get(world), best.get(world), details);
            }
            return new LearnRun(1, 0, 0, 0, List.of(1.0), details);
        }
        List<TapedWorld> worlds = opened();
        try (WorldStudent student = student(plan.name(), seed, learningRate, worlds)) {
            Lesson lesson = new Lesson(student, plan.name().equals("placebo"));
            List<Double> curve = new ArrayList<>();
            for (int turn = 0; turn < setting.turns(); turn++) {
                lesson.show(worlds.get(turn % worlds.size()), setting.frames());
                curve.add(share(examined(student, setting.examined() / 4), best));
            }
            List<WorldExam.Figures> known = examined(student, setting.examined());
            Map<String, Double> details = new LinkedHashMap<>();
            for (int world = 0; world < tapes.size(); world++) {
                describe(world, known.get(world), best.get(world), details);
            }
            if (student.renewedUnits() >= 0) {
                details.put("renewed", (double) student.renewedUnits());
            }
            return new LearnRun(
                    share(known, best),
                    lesson.clock.total(),
                    lesson.steps,
                    student.replayBytes(),
                    curve,
                    details);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            worlds.forEach(TapedWorld::close);
        }
    }

    private List<TapedWorld> opened() {
        try {
            return open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What students know that were shown each world alone, for as many frames. */
    private List<WorldExam.Figures> alone(long seed, double learningRate) {
        List<TapedWorld> worlds = opened();
        List<WorldExam.Figures> figures = new ArrayList<>();
        try {
            for (int world = 0; world < worlds.size(); world++) {
                int turns = (setting.turns() + worlds.size() - 1 - world) / worlds.size();
                try (WorldStudent student = student(ALONE, seed, learningRate, worlds)) {
                    new Lesson(student, false).show(worlds.get(world), turns * setting.frames());
                    figures.add(exams.get(world).of(setting.examined(), student::say));
                }
            }
            return figures;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            worlds.forEach(TapedWorld::close);
        }
    }

    private WorldStudent student(
            String arm, long seed, double learningRate, List<TapedWorld> worlds)
            throws IOException {
        TapedWorld first = worlds.getFirst();
        return new WorldStudent(
                settings(arm, seed, learningRate), first.sensor(), first.teachers());
    }

    private List<WorldExam.Figures> examined(WorldStudent student, int frames) {
        return exams.stream().map(exam -> exam.of(frames, student::say)).toList();
    }

    private static double share(List<WorldExam.Figures> known, List<WorldExam.Figures> best) {
        double sum = 0;
        for (int world = 0; world < known.size(); world++) {
            sum += known.get(world).explained() / best.get(world).explained();
        }
        return sum / known.size();
    }

    private void describe(
            int world,
            WorldExam.Figures known,
            WorldExam.Figures best,
            Map<String, Double> details) {
        String name = "world" + (world + 1);
        details.put(name + "Explained", known.explained());
        details.put(name + "Share", known.explained() / best.explained());
        details.put(name + "Top1", known.top1());
        details.put(name + "Chance", exams.get(world).chance());
    }

    /** What one student is shown. */
    private final class Lesson {
        private final WorldStudent student;
        private final boolean isShuffled;
        private final Deque<Map<String, float[]>> before = new ArrayDeque<>();
        private final CpuClock clock = new CpuClock();
        private double owedSteps;
        private long steps;

        private Lesson(WorldStudent student, boolean isShuffled) {
            this.student = student;
            this.isShuffled = isShuffled;
        }

        private void show(TapedWorld world, int frames) throws IOException {
            for (int i = 0; i < frames; i++) {
                TapedFrame frame = world.next();
                clock.resume();
                if (!HoldoutRule.isHoldout(frame.number())) {
                    student.show(frame, said(frame), world.dims());
                }
                for (owedSteps += setting.stepsPerFrame(); owedSteps >= 1; owedSteps--) {
                    steps = student.step();
                }
                clock.pause();
            }
        }

        private Map<String, float[]> said(TapedFrame frame) {
            if (!isShuffled) {
                return frame.said();
            }
            before.add(frame.said());
            return before.size() > SHUFFLED_BY ? before.removeFirst() : frame.said();
        }
    }
}
