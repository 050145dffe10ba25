package io.fluxfoam.evaluator.verdict;

import io.fluxfoam.evaluator.verdict.VerdictPanel.Said;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Three teachers that look at the same scenes, each in its own way, and a student that comes near
 * to what they say. A scene is a few hidden numbers; each rendering of it is a little different to
 * each teacher.
 */
final class TeacherTrio {
    static final int DIM = 24;

    private static final int HIDDEN = 12;
    private static final int SCENES = 200;
    private static final double RENDERING = .5;
    private static final double UNLEARNED = .5;

    private final Random random;
    private final Map<String, double[][]> views = new TreeMap<>();
    private double[][] scenes;
    private double shift;

    TeacherTrio(long seed) {
        random = new Random(seed);
        scenes = gaussian(SCENES, HIDDEN);
        for (String teacher : new String[] {"teacher-a", "teacher-b", "teacher-c"}) {
            views.put(teacher, gaussian(DIM, HIDDEN));
        }
    }

    /** Other scenes from now on, and everything looks different. */
    void changeWorld() {
        scenes = gaussian(SCENES, HIDDEN);
        shift = 1;
    }

    /** What is said of the next frame, all honest. */
    Map<String, Said> frame(boolean isStudentThere) {
        double[] scene = scenes[random.nextInt(SCENES)];
        Map<String, Said> said = new TreeMap<>();
        views.forEach((teacher, view) -> {
            float[] tensor = new float[DIM];
            float[] prediction = new float[DIM];
            for (int d = 0; d < DIM; d++) {
                double sum = shift;
                for (int h = 0; h < HIDDEN; h++) {
                    sum += view[d][h] * scene[h] / Math.sqrt(HIDDEN);
                }
                tensor[d] = (float) (Math.tanh(sum) + RENDERING * .3 * random.nextGaussian());
                prediction[d] = (float) (Math.tanh(sum) + UNLEARNED * .5 * random.nextGaussian());
            }
            said.put(teacher, new Said("1", DIM, tensor, isStudentThere ? prediction : null));
        });
        return said;
    }

    private double[][] gaussian(int rows, int columns) {
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            for (int i = 0; i < columns; i++) {
                row[i] = random.nextGaussian();
            }
        }
        return values;
    }
}
