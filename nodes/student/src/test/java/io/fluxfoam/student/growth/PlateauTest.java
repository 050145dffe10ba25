package io.fluxfoam.student.growth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;

class PlateauTest {
    private final Plateau plateau = new Plateau(200, .05);

    /** Steps, from 1, with which slow windows ended. */
    private List<Integer> slowAfter(int steps, IntToDoubleFunction distance) {
        List<Integer> slow = new ArrayList<>();
        for (int step = 1; step <= steps; step++) {
            if (plateau.stepped(distance.applyAsDouble(step))) {
                slow.add(step);
            }
        }
        return slow;
    }

    @Test
    void shouldSayNothingWhileLearningIsQuick() {
        assertEquals(List.of(), slowAfter(2_000, step -> Math.exp(-step / 1_000.)));
    }

    @Test
    void shouldSayNothingOfTheFirstWindow() {
        assertEquals(List.of(400, 600), slowAfter(600, _ -> 1));
    }

    @Test
    void shouldTellWhenAPowerLawHasBecomeSlow() {
        assertEquals(2_200, slowAfter(4_000, step -> Math.pow(step, -.5)).getFirst());
    }

    @Test
    void shouldTellWhenItGetsWorse() {
        assertEquals(List.of(400), slowAfter(400, step -> step));
    }

    @Test
    void shouldForget() {
        slowAfter(399, _ -> 1);
        plateau.reset();
        assertEquals(List.of(400), slowAfter(400, _ -> 1));
    }
}
