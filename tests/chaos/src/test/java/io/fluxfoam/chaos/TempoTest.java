package io.fluxfoam.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TempoTest {
    /** Ten samples a window, one a second; the student makes these steps in each second of a window. */
    private static List<Pace.Sample> samples(int... stepsPerSecond) {
        List<Pace.Sample> samples = new ArrayList<>();
        long step = 100;
        int second = 0;
        for (int window = 0; window < stepsPerSecond.length; window++) {
            for (int i = 0; i < 10; i++, second++) {
                step += stepsPerSecond[window];
                samples.add(new Pace.Sample(second, window, true, step, 5L * second, 4.0, null));
            }
        }
        return samples;
    }

    @Test
    void shouldTakeTheMedianOfEachKindOfWindow() {
        Tempo tempo = new Tempo(samples(10, 8, 12, 2, 11, 9), Set.of(1, 3, 5));
        assertEquals(11, tempo.stepsPerSecond(false), 1e-9);
        assertEquals(8, tempo.stepsPerSecond(true), 1e-9);
        assertEquals(5, tempo.framesPerSecond(false), 1e-9);
        assertEquals(4, tempo.momentsPerSecond(true), 1e-9);
        assertNull(tempo.heldOut(true));
    }

    @Test
    void shouldCountStepsThatTheStudentLost() {
        List<Pace.Sample> samples =
                List.of(
                        new Pace.Sample(0, 1, false, 100L, 0, 4.0, 0.5),
                        new Pace.Sample(5, 1, false, 150L, 0, 0.0, 0.5),
                        new Pace.Sample(10, 1, false, 130L, 0, 4.0, null));
        Tempo tempo = new Tempo(samples, Set.of(1));
        assertEquals(3, tempo.stepsPerSecond(true), 1e-9);
        assertEquals(2, tempo.momentsPerSecond(true), 1e-9);
        assertEquals(0.5, tempo.heldOut(true), 1e-9);
    }

    @Test
    void shouldCountOnlyPeaceInUndisturbedWindows() {
        List<Pace.Sample> samples =
                List.of(
                        new Pace.Sample(0, 0, false, 0L, 0, 0.0, null),
                        new Pace.Sample(1, 0, false, 1L, 0, 0.0, null),
                        new Pace.Sample(2, 0, true, 2L, 0, 4.0, null),
                        new Pace.Sample(3, 0, true, 12L, 9, 4.0, null));
        assertEquals(10, new Tempo(samples, Set.of()).stepsPerSecond(false), 1e-9);
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
