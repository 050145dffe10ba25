package io.fluxfoam.learn;

import io.fluxfoam.student.WorldStudent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Held-out frames of one world, and what a student knows of them. All in the teachers' units, so
 * that students which have seen other worlds too, and standardise otherwise, are measured alike.
 *
 * @param frames of which every teacher has said something
 */
record WorldExam(List<TapedFrame> frames) {
    /**
     * What came of it.
     *
     * @param explained share of what varies from frame to frame in what a teacher says of this
     *     world, mean over the teachers; 0 for who always says the mean, less for who is worse
     * @param top1 how often the caption is the nearest of all captions of these frames, by the
     *     language teacher
     */
    record Figures(double explained, double top1) {}

    /** What always the mean would get by captions. */
    double chance() {
        return 1.0 / captions().size();
    }

    private Map<String, float[]> captions() {
        Map<String, float[]> captions = new LinkedHashMap<>();
        for (TapedFrame frame : frames) {
            captions.putIfAbsent(frame.caption(), frame.said().get(WorldStudent.language()));
        }
        return captions;
    }

    /** Asks who says this of them, of the first ones only. */
    Figures of(int count, Function<TapedFrame, Map<String, float[]>> student) {
        Map<String, double[]> means = new LinkedHashMap<>();
        frames.getFirst()
                .said()
                .keySet()
                .forEach(teacher -> means.put(teacher, mean(frames, teacher)));
        Map<String, double[]> sums = new LinkedHashMap<>();
        Map<String, float[]> captions = captions();
        int right = 0;
        int asked = Math.min(count, frames.size());
        for (TapedFrame frame : frames.subList(0, asked)) {
            Map<String, float[]> said = student.apply(frame);
            means.forEach((teacher, mean) ->
                    add(
                            sums.computeIfAbsent(teacher, _ -> new double[2]),
                            said.get(teacher),
                            frame.said().get(teacher),
                            mean));
            float[] language = said.get(WorldStudent.language());
            if (language != null) {
                double[] mean = means.get(WorldStudent.language());
                right += frame.caption().equals(nearest(language, mean, captions)) ? 1 : 0;
            }
        }
        double explained =
                sums.values().stream().mapToDouble(sum -> 1 - sum[0] / sum[1]).average().orElse(0);
        return new Figures(explained, right / (double) asked);
    }

    private static double[] mean(List<TapedFrame> frames, String teacher) {
        double[] mean = new double[frames.getFirst().said().get(teacher).length];
        for (TapedFrame frame : frames) {
            float[] said = frame.said().get(teacher);
            for (int i = 0; i < mean.length; i++) {
                mean[i] += said[i] / frames.size();
            }
        }
        return mean;
    }

    /** Who says nothing of a region yet says the mean. */
    private static void add(double[] sum, float[] said, float[] truth, double[] mean) {
        for (int i = 0; i < mean.length; i++) {
            double error = truth[i] - (said == null ? mean[i] : said[i]);
            sum[0] += error * error;
            sum[1] += (truth[i] - mean[i]) * (truth[i] - mean[i]);
        }
    }

    private static String nearest(float[] said, double[] mean, Map<String, float[]> captions) {
        String nearest = "";
        double best = Double.NEGATIVE_INFINITY;
        for (Map.Entry<String, float[]> caption : captions.entrySet()) {
            double dot = 0;
            double squares = 0;
            for (int i = 0; i < mean.length; i++) {
                double away = caption.getValue()[i] - mean[i];
                dot += away * (said[i] - mean[i]);
                squares += away * away;
            }
            double cosine = dot / Math.sqrt(squares);
            if (cosine > best) {
                best = cosine;
                nearest = caption.getKey();
            }
        }
        return nearest;
    }
}
