package io.fluxfoam.student;

import com.sun.management.OperatingSystemMXBean;

import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.RegionScaling;
import io.fluxfoam.student.net.LanguagePlan.Learned;
import io.fluxfoam.student.train.Trainer;
import io.fluxfoam.tensor.FrameNumber;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Cores beside each other on the moments of a tape, all of which are there from the first step:
 * what a student knows of held-out frames after so many samples and so many CPU-seconds. Prints
 * figures and asserts none of them; docs/LEARNING.md has the command. {@code -Dtape=DIR}, {@code
 * -Darms=pooled,seeded:all:2,...}, {@code -Dseeds=3}, {@code -Dcpu=120}.
 */
@Tag("slow")
class CoreBench {
    private static final int BATCH = 16;
    private static final int STEPS_BETWEEN_FIGURES = 125;
    private static final String LANGUAGE = LoopNodes.TEACHER_LLM;

    private final OperatingSystemMXBean system =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    @Test
    void measure() throws Exception {
        Path tape = Path.of(System.getProperty("tape", "give -Dtape=DIR"));
        double cpuSeconds = Double.parseDouble(System.getProperty("cpu", "120"));
        int seeds = Integer.getInteger("seeds", 3);
        String arms =
                System.getProperty(
                        "arms", "pooled,seeded:all:2,random:all:2,seeded:frozen:2,seeded:norms:2");
        RecordedMoments moments = RecordedMoments.of(tape);
        System.out.println("tape=" + tape + " " + moments);
        System.out.println("arm,seed,samples,cpuSeconds,parameters,figures");
        for (int seed = 1; seed <= seeds; seed++) {
            for (String arm : arms.split(",")) {
                run(arm, seed, moments, cpuSeconds);
            }
        }
    }

    private static CoreOptions core(String arm) {
        if (arm.equals("pooled")) {
            return new CoreOptions();
        }
        String[] parts = arm.split(":");
        return new CoreOptions(
                CoreOptions.Kind.LANGUAGE,
                Integer.parseInt(parts[2]),
                Learned.valueOf(parts[1].toUpperCase(Locale.ROOT)),
                null,
                parts[0].equals("random"));
    }

    private void run(String arm, int seed, RecordedMoments moments, double cpuSeconds)
            throws IOException {
        try (TapedStudent student = new TapedStudent(core(arm), seed, BATCH, moments)) {
            double used = 0;
            long samples = 0;
            while (used < cpuSeconds) {
                long began = system.getProcessCpuTime();
                for (int step = 0; step < STEPS_BETWEEN_FIGURES; ) {
                    Trainer.Outcome outcome = student.step();
                    if (outcome != Trainer.Outcome.STEPPED) {
                        throw new IllegalStateException("step: " + outcome);
                    }
                    step++;
                    samples += BATCH;
                }
                used += (system.getProcessCpuTime() - began) / 1e9;
                System.out.printf(
                        Locale.ROOT,
                        "%s,%d,%d,%.1f,%d,%s%n",
                        arm,
                        seed,
                        samples,
                        used,
                        student.parameters(),
                        figures(student, moments));
            }
        }
    }

    private static String figures(TapedStudent student, RecordedMoments moments) {
        Map<String, double[]> credits = new TreeMap<>();
        Map<String, double[]> errors = new LinkedHashMap<>();
        Map<String, RegionScaling> scalings = new LinkedHashMap<>();
        student.predict(prediction -> {
            long frame = prediction.frameNumber();
            for (Region region : prediction.scaling().layout().regions()) {
                RegionScaling scaling = prediction.scaling().of(region).orElseThrow();
                scalings.put(region.name(), scaling);
                float[] truth = moments.truth(region.name(), frame);
                if (truth != null) {
                    double[] z = scaling.standardize(truth);
                    float[] said =
                            TapedStudent.floats(prediction.heatmap(), region.offset(), z.length);
                    double[] sum = errors.computeIfAbsent(region.name(), _ -> new double[2]);
                    for (int i = 0; i < z.length; i++) {
                        sum[0] += (said[i] - z[i]) * (said[i] - z[i]);
                        sum[1] += z[i] * z[i];
                    }
                }
            }
            String caption = moments.caption(frame);
            Candidates candidates = moments.candidates();
            CandidateSet set = candidates.setOf(FrameNumber.counter(frame), caption).orElse(null);
            if (set == null || prediction.viewed() == null) {
                return;
            }
            RegionScaling language = scalings.get(LANGUAGE);
            int length = prediction.viewed().length();
            String[] views = {"both", "picture", "sound"};
            for (int v = 0; v < views.length; v++) {
                float[] said = TapedStudent.floats(prediction.views(), v * length, length);
                credit(
                        credits,
                        set.name() + "." + views[v],
                        said,
                        caption,
                        set.captions(),
                        moments,
                        language);
                credit(
                        credits,
                        set.name() + "." + views[v] + "OfAll",
                        said,
                        caption,
                        moments.captions(),
                        moments,
                        language);
            }
        });
        List<String> figures = new ArrayList<>();
        errors.forEach((name, sum) ->
                figures.add(String.format(Locale.ROOT, "fvu.%s=%.3f", name, sum[0] / sum[1])));
        credits.forEach((name, sum) ->
                figures.add(String.format(Locale.ROOT, "%s=%.3f", name, sum[0] / sum[1])));
        return String.join(" ", figures);
    }

    private static void credit(
            Map<String, double[]> credits,
            String name,
            float[] said,
            String caption,
            Iterable<String> among,
            RecordedMoments moments,
            RegionScaling scaling) {
        double own = cosine(said, scaling.standardize(moments.embedding(caption)));
        boolean isNearest = true;
        for (String other : among) {
            isNearest &=
                    other.equals(caption)
                            || cosine(said, scaling.standardize(moments.embedding(other))) < own;
        }
        double[] sum = credits.computeIfAbsent(name, _ -> new double[2]);
        sum[0] += isNearest ? 1 : 0;
        sum[1]++;
    }

    private static double cosine(float[] a, double[] b) {
        double dot = 0;
        double squareA = 0;
        double squareB = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
            squareA += a[i] * a[i];
            squareB += b[i] * b[i];
        }
        return dot / Math.sqrt(squareA * squareB);
    }
}
