package io.fluxfoam.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Random;

class RegionScoreTest {
    private static final long SEED = 11;
    private static final int DIM = 3;
    private static final int ROWS = 4;

    private final Random random = new Random(SEED);

    @Test
    void shouldGiveAPerfectStudentZero() {
        RegionScore score = new RegionScore(DIM, 50);
        for (int i = 0; i < 50; i++) {
            double[] truth = gaussian(0);
            assertTrue(score.add(truth.clone(), truth));
        }
        assertEquals(1, score.centredCosine(), 1e-12);
        assertEquals(0, score.unexplainedVariance());
    }

    @Test
    void shouldGiveTheMeanOfTheWindowOne() {
        RegionScore score = new RegionScore(DIM, 10);
        double[][] truths = new double[10][];
        double[] mean = new double[DIM];
        for (int i = 0; i < truths.length; i++) {
            truths[i] = gaussian(2);
            for (int j = 0; j < truths[i].length; j++) {
                mean[j % DIM] += truths[i][j] / (truths.length * ROWS);
            }
        }
        double[] prediction = new double[ROWS * DIM];
        for (int j = 0; j < prediction.length; j++) {
            prediction[j] = mean[j % DIM];
        }
        for (double[] truth : truths) {
            score.add(prediction, truth);
        }
        assertEquals(1, score.unexplainedVariance(), 1e-9);
        assertTrue(score.constantPredictor() > 1, "the training mean is not the window's");
    }

    @Test
    void shouldKnowTheAnswerOfAHandMadeCase() {
        RegionScore score = new RegionScore(1, 10);
        score.add(new double[] {1, 0}, new double[] {2, 0});
        score.add(new double[] {0, 1}, new double[] {0, -2});
        // rows 2 0 0 -2: variance 8; errors 1 + 9
        assertEquals(10.0 / 8, score.unexplainedVariance(), 1e-12);
        assertEquals(1, score.constantPredictor(), 1e-12);
        assertEquals(0, score.centredCosine(), 1e-12);
    }

    @Test
    void shouldForgetWhatLeftTheWindow() {
        RegionScore score = new RegionScore(DIM, 5);
        RegionScore fresh = new RegionScore(DIM, 5);
        for (int i = 0; i < 23; i++) {
            double[] truth = gaussian(i);
            double[] predicted = gaussian(i);
            score.add(predicted, truth);
            if (i >= 18) {
                fresh.add(predicted, truth);
            }
        }
        assertEquals(5, score.frames());
        assertEquals(fresh.unexplainedVariance(), score.unexplainedVariance(), 1e-9);
        assertEquals(fresh.centredCosine(), score.centredCosine(), 1e-12);
    }

    @Test
    void shouldSayNothingWithoutFramesOrVariance() {
        RegionScore score = new RegionScore(1, 5);
        assertTrue(Double.isNaN(score.centredCosine()));
        assertTrue(Double.isNaN(score.unexplainedVariance()));
        score.add(new double[] {1}, new double[] {0});
        assertTrue(Double.isNaN(score.unexplainedVariance()));
    }

    @Test
    void shouldNotCountFramesThatAreNotFinite() {
        RegionScore score = new RegionScore(1, 5);
        assertFalse(score.add(new double[] {Double.NaN}, new double[] {1}));
        assertFalse(score.add(new double[] {1}, new double[] {Double.POSITIVE_INFINITY}));
        assertEquals(0, score.frames());
    }

    private double[] gaussian(double mean) {
        return random.doubles(ROWS * DIM).map(u -> mean + 2 * u - 1).toArray();
    }
}
