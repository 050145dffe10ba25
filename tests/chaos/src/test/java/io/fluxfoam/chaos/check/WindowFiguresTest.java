package io.fluxfoam.chaos.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

class WindowFiguresTest {
    /**
     * Ten samples a window, one a second; the student makes these steps in each second of a window.
     */
    private static List<LoopSampler.Sample> samples(int... stepsPerSecond) {
        List<LoopSampler.Sample> samples = new ArrayList<>();
        long step = 100;
        int second = 0;
        for (int window = 0; window < stepsPerSecond.length; window++) {
            for (int i = 0; i < 10; i++, second++) {
                step += stepsPerSecond[window];
                samples.add(
                        new LoopSampler.Sample(second, window, true, step, 5L * second, 4.0, null));
            }
        }
        return samples;
    }

    @Test
    void shouldTakeTheMedianOfEachKindOfWindow() {
        WindowFigures figures = new WindowFigures(samples(10, 8, 12, 2, 11, 9), Set.of(1, 3, 5));
        assertEquals(11, figures.stepsPerSecond(false), 1e-9);
        assertEquals(8, figures.stepsPerSecond(true), 1e-9);
        assertEquals(5, figures.framesPerSecond(false), 1e-9);
        assertEquals(4, figures.momentsPerSecond(true), 1e-9);
        assertNull(figures.heldOut(true));
    }

    @Test
    void shouldCountStepsThatTheStudentLost() {
        List<LoopSampler.Sample> samples =
                List.of(
                        new LoopSampler.Sample(0, 1, false, 100L, 0, 4.0, 0.5),
                        new LoopSampler.Sample(5, 1, false, 150L, 0, 0.0, 0.5),
                        new LoopSampler.Sample(10, 1, false, 130L, 0, 4.0, null));
        WindowFigures figures = new WindowFigures(samples, Set.of(1));
        assertEquals(3, figures.stepsPerSecond(true), 1e-9);
        assertEquals(2, figures.momentsPerSecond(true), 1e-9);
        assertEquals(0.5, figures.heldOut(true), 1e-9);
    }

    @Test
    void shouldCountOnlyPeaceInUndisturbedWindows() {
        List<LoopSampler.Sample> samples =
                List.of(
                        new LoopSampler.Sample(0, 0, false, 0L, 0, 0.0, null),
                        new LoopSampler.Sample(1, 0, false, 1L, 0, 0.0, null),
                        new LoopSampler.Sample(2, 0, true, 2L, 0, 4.0, null),
                        new LoopSampler.Sample(3, 0, true, 12L, 9, 4.0, null));
        assertEquals(10, new WindowFigures(samples, Set.of()).stepsPerSecond(false), 1e-9);
    }

    @Test
    void shouldRankQuantilesOverWhatIsThere() {
        List<Double> values = Arrays.asList(4.0, null, 1.0, 3.0, 2.0);
        assertEquals(2, Quantile.of(values, 0.5));
        assertEquals(4, Quantile.of(values, 0.99));
        assertEquals(2.5, Quantile.median(values));
        assertNull(Quantile.of(List.of(), 0.5));
    }
}
