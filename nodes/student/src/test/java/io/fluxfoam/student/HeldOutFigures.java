package io.fluxfoam.student;

import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.RegionScaling;
import io.fluxfoam.tensor.FrameNumber;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a student knows of the held-out frames of a tape, against what the honest teachers said of
 * them: unexplained variance of each region ({@code fvu.TEACHER}), and for each candidate set how
 * often the right caption is the nearest.
 */
public record HeldOutFigures(Map<String, Double> byName) {
    private static final String LANGUAGE = LoopNodes.TEACHER_LLM;

    /** What it knows now. */
    public static HeldOutFigures of(TapedStudent student, RecordedMoments moments) {
        Map<String, double[]> credits = new TreeMap<>();
        Map<String, double[]> errors = new TreeMap<>();
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
        Map<String, Double> figures = new LinkedHashMap<>();
        errors.forEach((name, sum) -> figures.put("fvu." + name, sum[0] / sum[1]));
        credits.forEach((name, sum) -> figures.put(name, sum[0] / sum[1]));
        return new HeldOutFigures(figures);
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

    @Override
    public String toString() {
        return byName.entrySet().stream()
                .map(one -> String.format(Locale.ROOT, "%s=%.3f", one.getKey(), one.getValue()))
                .collect(Collectors.joining(" "));
    }
}
