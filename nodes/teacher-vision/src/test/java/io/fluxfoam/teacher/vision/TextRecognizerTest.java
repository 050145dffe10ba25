package io.fluxfoam.teacher.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fluxfoam.teacher.ModelDirectory;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;

class TextRecognizerTest {
    private static final ModelDirectory MODELS =
            ModelDirectory.of("teacher-vision", TextRecognizer.class, Optional.empty());

    /**
     * Reference values of an independent run of the model on x[c,y,w] = sin(0.05 w + 0.11 y + c),
     * [1,3,48,320].
     */
    private static final float[] FIRST_STEP = {
        0.059765f, -0.262943f, -0.186022f, -0.072299f, -0.248325f, 1.21153f, -0.200768f, -0.265528f,
        1.36048f, 0.638406f, 1.511169f, -0.176885f, 0.120751f, -0.278272f, 0.022099f, 0.933545f
    };

    @Test
    void shouldGiveReferenceFeaturesOnFormulaInput() {
        int width = 320;
        try (TextRecognizer recognizer =
                new TextRecognizer(MODELS.file("ch_PP-OCRv4_rec_infer.onnx"), 1, null)) {
            fill(recognizer.input(), width);
            recognizer.recognize(width);
            float[] features = recognizer.features().toArray(ValueLayout.JAVA_FLOAT);
            assertEquals(40, recognizer.steps());
            assertEquals(40 * 120, features.length);
            assertArrayEquals(FIRST_STEP, Arrays.copyOf(features, FIRST_STEP.length), 0.002f);
            assertEquals(0.43617, mean(features, 1), 0.002);
            assertEquals(1.076036, Math.sqrt(mean(features, 2)), 0.002);
        }
    }

    private static void fill(MemorySegment input, int width) {
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < 48; y++) {
                for (int x = 0; x < width; x++) {
                    float value = (float) Math.sin(0.05 * x + 0.11 * y + c);
                    input.setAtIndex(
                            ValueLayout.JAVA_FLOAT, ((long) c * 48 + y) * width + x, value);
                }
            }
        }
    }

    private static double mean(float[] values, int power) {
        double sum = 0;
        for (float value : values) {
            sum += Math.pow(value, power);
        }
        return sum / values.length;
    }

    @Test
    void shouldKeepAspectOfHighBandAndLimitWidthOfFlatOne() {
        assertEquals(160, TextRecognizer.width(320, 96));
        assertEquals(256, TextRecognizer.width(320, 60));
        assertEquals(480, TextRecognizer.width(320, 32));
        assertEquals(480, TextRecognizer.width(320, 20));
    }
}
