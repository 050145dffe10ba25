package io.fluxfoam.tests.poison;

import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.RegionScaling;
import io.fluxfoam.distill.Width;
import io.fluxfoam.evaluator.verdict.FrameFeed;
import io.fluxfoam.evaluator.verdict.Poison;
import io.fluxfoam.evaluator.verdict.VerdictPanel;
import io.fluxfoam.student.CoreOptions;
import io.fluxfoam.student.HeldOutFigures;
import io.fluxfoam.student.RecordedMoments;
import io.fluxfoam.student.TapedStudent;
import io.fluxfoam.student.train.Prediction;
import io.fluxfoam.student.train.Trainer;
import io.fluxfoam.tape.TapeEntry;
import io.fluxfoam.tensor.FrameNumber;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * What verdicts are worth: students that are taught moment by moment from a tape, one of whose
 * teachers goes wrong at a random moment, with an evaluator and without one; equal frames, equal
 * steps, the same seed, and what the student says goes to the evaluator as on a living foam. Prints
 * figures of held-out frames against the honest teachers, and the paired difference over the seeds
 * with its 95% interval (Student's t); asserts none of them. docs/VERDICTS.md has the command.
 * {@code -Dtape=DIR}, {@code -Dpoisons=NOISE,...}, {@code -Dseeds=5}, {@code -Dsteps=0.2} for each
 * frame, {@code -Dwidth=1} of the student, {@code -Dfirst=1} of {@code -Dseeds=5}.
 */
@Tag("slow")
class PoisonWorthBench {
    private static final int BATCH = 16;
    private static final int EARLIEST = 600;
    private static final int AT_LEAST_AFTER = 600;

    /** Two-sided 95% quantiles of Student's t, by degrees of freedom from 1 on. */
    private static final double[] T95 = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365};

    private final double stepsPerFrame = Double.parseDouble(System.getProperty("steps", "0.2"));
    private final Width width = Width.parse(System.getProperty("width", "1"));
    private RecordedMoments moments;
    private long frames;

    @Test
    void measure() throws IOException {
        moments = RecordedMoments.of(Path.of(System.getProperty("tape", "give -Dtape=DIR")));
        frames = moments.trainFrames() + moments.heldOutFrames();
        int seeds = Integer.getInteger("seeds", 5);
        List<Poison> poisons =
                Arrays.stream(
                                System.getProperty("poisons", "NOISE,PERMUTED,STALE_BY_ONE")
                                        .split(","))
                        .map(Poison::valueOf)
                        .toList();
        System.out.println(moments + " stepsPerFrame=" + stepsPerFrame + " width=" + width);
        Map<Poison, Map<String, List<Double>>> gains = new TreeMap<>();
        for (int seed = Integer.getInteger("first", 1); seed <= seeds; seed++) {
            for (Poison poison : poisons) {
                Map<String, Double> with = run(poison, seed, true);
                Map<String, Double> without = run(poison, seed, false);
                Map<String, List<Double>> gain =
                        gains.computeIfAbsent(poison, _ -> new TreeMap<>());
                with.forEach((name, value) ->
                        gain.computeIfAbsent(name, _ -> new ArrayList<>())
                                .add(value - without.get(name)));
                gain.forEach((name, values) ->
                        System.out.println(
                                poison + " with - without " + name + " " + text(values)));
            }
        }
    }

    private static String text(List<Double> values) {
        int n = values.size();
        double mean = values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        if (n < 2 || n - 1 > T95.length) {
            return String.format(Locale.ROOT, "%+.3f n=%d", mean, n);
        }
        double square = values.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
        double half = T95[n - 2] * Math.sqrt(square / (n - 1) / n);
        return String.format(
                Locale.ROOT, "%+.3f [%+.3f, %+.3f] n=%d", mean, mean - half, mean + half, n);
    }

    private Map<String, Double> run(Poison poison, int seed, boolean isJudged) throws IOException {
        List<String> teachers = moments.teachers().keySet().stream().sorted().toList();
        String victim = teachers.get(seed % teachers.size());
        long from =
                EARLIEST
                        + new Random(seed * 31L + poison.ordinal())
                                .nextInt((int) frames - EARLIEST - AT_LEAST_AFTER);
        try (TapedStudent student =
                new TapedStudent(new CoreOptions(), width, seed, BATCH, moments)) {
            Lesson lesson =
                    new Lesson(student, new Poison.Victim(poison, seed), victim, from, isJudged);
            moments.read(lesson::take);
            HeldOutFigures known = HeldOutFigures.of(student, moments);
            System.out.printf(
                    Locale.ROOT,
                    "%s seed=%d victim=%s from=%d judged=%b steps=%d withdrawn=%d %s%n",
                    poison,
                    seed,
                    victim,
                    from,
                    isJudged,
                    lesson.steps,
                    student.withdrawn(),
                    known);
            return figures(known, victim);
        }
    }

    private Map<String, Double> figures(HeldOutFigures known, String victim) {
        Map<String, Double> figures = new TreeMap<>(known.byName());
        figures.put("fvu.victim", figures.get("fvu." + victim));
        figures.put(
                "fvu.mean",
                moments.teachers().keySet().stream()
                        .mapToDouble(teacher -> known.byName().get("fvu." + teacher))
                        .average()
                        .orElseThrow());
        return figures;
    }

    /** One student's run through the tape. */
    private final class Lesson {
        private final TapedStudent student;
        private final Poison.Victim poison;
        private final String victim;
        private final long from;
        private final boolean isJudged;
        private final VerdictPanel panel = new VerdictPanel();
        private final FrameFeed feed = new FrameFeed(panel::frame);
        private double owedSteps;
        private int steps;

        private Lesson(
                TapedStudent student,
                Poison.Victim poison,
                String victim,
                long from,
                boolean isJudged) {
            this.student = student;
            this.poison = poison;
            this.victim = victim;
            this.from = from;
            this.isJudged = isJudged;
        }

        private void take(TapeEntry entry) {
            if (!(entry instanceof TapeEntry.Tensor tensor)) {
                return;
            }
            student.see(tensor);
            if (student.isOfTeacher(tensor)) {
                said(tensor);
            }
            student.predictNew(this::predicted);
        }

        private void said(TapeEntry.Tensor tensor) {
            long frame = tensor.frameNumber();
            boolean isVictim = tensor.node().equals(victim);
            float[] honest = student.values(tensor);
            float[] said =
                    isVictim ? poison.say(honest, FrameNumber.counter(frame) >= from) : honest;
            String epoch = moments.teachers().get(tensor.node()).epoch();
            look(feed.said(frame, tensor.node(), epoch, TapedStudent.dim(tensor), said));
            if (!HoldoutRule.isHoldout(frame)) {
                student.target(tensor, said);
            }
            if (isVictim) {
                learn();
            }
        }

        private void predicted(Prediction prediction) {
            for (Region region : prediction.scaling().layout().regions()) {
                prediction
                        .scaling()
                        .of(region)
                        .ifPresent(scaling -> predicted(prediction, region, scaling));
            }
        }

        private void predicted(Prediction prediction, Region region, RegionScaling scaling) {
            float[] values = new float[region.length()];
            MemorySegment standardized =
                    prediction
                            .heatmap()
                            .asSlice(
                                    (long) region.offset() * Float.BYTES,
                                    (long) region.length() * Float.BYTES);
            scaling.destandardize(standardized, MemorySegment.ofArray(values), 0);
            look(feed.predicted(prediction.frameNumber(), region.name(), values));
        }

        private void look(int judged) {
            if (judged > 0 && isJudged) {
                student.obey(panel.verdicts());
            }
        }

        private void learn() {
            owedSteps += stepsPerFrame;
            while (owedSteps >= 1) {
                owedSteps--;
                steps += student.step() == Trainer.Outcome.STEPPED ? 1 : 0;
            }
        }
    }
}
