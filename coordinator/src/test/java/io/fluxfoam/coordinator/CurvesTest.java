package io.fluxfoam.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

class CurvesTest {
    @Test
    void shouldSkipPointsNearerThanTheInterval() {
        Curves curves = new Curves(4, 1);
        for (double seconds = 0; seconds < 3; seconds += 0.5) {
            curves.add(seconds, Map.of("loss", seconds));
        }
        assertEquals(List.of(0.0, 1.0, 2.0), curves.seconds());
        assertEquals(List.of(0.0, 1.0, 2.0), curves.columns().get("loss"));
    }

    @Test
    void shouldKeepTheWholeTimeInSightAtHalfTheResolutionWhenFull() {
        Curves curves = new Curves(4, 1);
        for (int seconds = 0; seconds < 100; seconds++) {
            curves.add(seconds, Map.of("loss", seconds / 10.0));
        }
        assertEquals(List.of(0.0, 32.0, 64.0, 96.0), curves.seconds());
        assertEquals(List.of(0.0, 3.2, 6.4, 9.6), curves.columns().get("loss"));
    }

    @Test
    void shouldLeaveGapsWhereAFigureIsMissing() {
        Curves curves = new Curves(4, 1);
        Map<String, Double> missing = new HashMap<>();
        missing.put("loss", null);
        curves.add(0, missing);
        curves.add(1, Map.of("loss", 0.5, "seenWords", Double.NaN));
        curves.add(2, Map.of());
        assertNull(curves.columns().get("loss").get(0));
        assertEquals(0.5, curves.columns().get("loss").get(1));
        assertNull(curves.columns().get("loss").get(2));
        assertNull(curves.columns().get("seenWords").get(1));
    }

    @Test
    void shouldServeFiveDigitsOfAFigure() {
        Curves curves = new Curves(2, 1);
        curves.add(0, Map.of("loss", 1 / 3.0));
        assertEquals(List.of(0.33333), curves.columns().get("loss"));
    }

    @Test
    void shouldBoundTheNumberOfCurves() {
        Curves curves = new Curves(2, 1);
        Map<String, Double> figures = new HashMap<>();
        for (int i = 0; i < 1_000; i++) {
            figures.put("unexplained.teacher-" + i, 1.0);
        }
        curves.add(0, figures);
        assertEquals(64, curves.columns().size());
    }

    @Test
    void shouldRefuseACapacityThatCannotBeHalved() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new Curves(3, 1));
        assertEquals("capacity must be even and at least 2: capacity=3", e.getMessage());
    }
}
