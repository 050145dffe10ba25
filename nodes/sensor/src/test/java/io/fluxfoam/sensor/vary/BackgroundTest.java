package io.fluxfoam.sensor.vary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

class BackgroundTest {
    private static final int WIDTH = 60;
    private static final int HEIGHT = 40;

    @Test
    void shouldPaintPlainPatternedAndSmoothOnesAndShapes() {
        Background background = new Background(WIDTH, HEIGHT);
        float[] canvas = new float[WIDTH * HEIGHT * 3];
        int plain = 0;
        int few = 0;
        int smooth = 0;
        int shapes = 0;
        for (int seed = 0; seed < 500; seed++) {
            Arrays.fill(canvas, Float.NaN);
            background.paint(new SplittableRandom(seed), canvas);
            Set<Float> reds = new HashSet<>();
            for (int i = 0; i < canvas.length; i++) {
                assertTrue(canvas[i] > -81 && canvas[i] < 336, "value " + canvas[i]);
                if (i % 3 == 0) {
                    reds.add(canvas[i]);
                }
            }
            plain += reds.size() == 1 ? 1 : 0;
            few += reds.size() == 2 ? 1 : 0;
            shapes += reds.size() > 2 && reds.size() <= 6 ? 1 : 0;
            smooth += reds.size() > 6 ? 1 : 0;
        }
        assertEquals(100, plain, 30);
        assertEquals(100, few, 35);
        assertEquals(95, shapes, 35);
        assertEquals(200, smooth, 40);
    }
}
