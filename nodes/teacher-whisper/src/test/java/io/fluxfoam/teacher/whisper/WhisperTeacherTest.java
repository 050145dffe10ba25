package io.fluxfoam.teacher.whisper;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxfoam.teacher.ModelException;
import io.fluxfoam.teacher.ModelFile;
import io.fluxfoam.teacher.OnnxModel;
import io.fluxfoam.teacher.OnnxOptions;
import io.fluxfoam.teacher.OnnxRun;
import io.fluxfoam.teacher.Sample;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * With a stand-in for the encoder of whisper-tiny that has its names and shapes (random weights),
 * from the folder given by {@code -Dfoam.golden=DIR}, default {@code ../shared/golden} beside the
 * source tree.
 */
class WhisperTeacherTest {
    private static final Path GOLDEN =
            Path.of(
                    System.getProperty(
                            "foam.golden",
                            Path.of(System.getProperty("foam.home", "."))
                                    .resolve("../shared/golden")
                                    .toString()));
    private static final Path ENCODER = GOLDEN.resolve("encoder_model.onnx");

    @BeforeAll
    static void needEncoder() {
        if (!Files.isRegularFile(ENCODER)) {
            System.out.println(
                    "skipped: no encoder_model.onnx in "
                            + GOLDEN
                            + " (name its folder with -Dfoam.golden=DIR)");
        }
        assumeTrue(Files.isRegularFile(ENCODER));
    }

    private static float[] infer(WhisperTeacher teacher, MemorySegment sound, Arena arena) {
        MemorySegment features = arena.allocate(23 * 384 * Float.BYTES, 64);
        features.fill((byte) -1);
        assertTrue(teacher.infer(new Sample(sound, 40_960), features));
        return features.toArray(ValueLayout.JAVA_FLOAT);
    }

    @Test
    void shouldPublishMeansOfTheHiddenStatesOnTheStudentsGrid() {
        try (Arena arena = Arena.ofConfined();
                WhisperTeacher teacher = new WhisperTeacher(ModelFile.ofUser(ENCODER), 1)) {
            assertArrayEquals(new long[] {116, 384}, teacher.features().shape());
            float[] tones = infer(teacher, Tones.of(40_960, arena), arena);
            float[] silence =
                    infer(teacher, arena.allocate(40_960 * Float.BYTES, Float.BYTES), arena);
            for (float feature : tones) {
                assertTrue(Float.isFinite(feature));
            }
            assertNotEquals(silence[22 * 384], tones[22 * 384]);
            assertArrayEquals(tones, infer(teacher, Tones.of(40_960, arena), arena));
            float[] hidden = hidden(Tones.of(40_960, arena), arena);
            for (int step = 0; step < 23; step++) {
                for (int channel = 0; channel < 384; channel += 100) {
                    double sum = .1 * hidden[(4 * step + 39) * 384 + channel];
                    for (int i = 4 * step; i < 4 * step + 39; i++) {
                        sum += hidden[i * 384 + channel];
                    }
                    assertEquals(sum / 39.1, tones[step * 384 + channel], 1e-4, "step=" + step);
                }
            }
        }
    }

    /** What the encoder itself says, every 20 ms. */
    private static float[] hidden(MemorySegment sound, Arena arena) {
        MemorySegment mel = arena.allocate(80L * LogMel.FRAMES * Float.BYTES, 64);
        MemorySegment hidden = arena.allocate(1_500L * 384 * Float.BYTES, 64);
        new LogMel(80).compute(sound, mel);
        try (OnnxModel model = OnnxModel.open(ModelFile.ofUser(ENCODER), OnnxOptions.threads(1));
                OnnxRun run = model.newRun()) {
            run.input("input_features", mel, 1, 80, LogMel.FRAMES)
                    .output("last_hidden_state", hidden, 1, 1_500, 384)
                    .run();
        }
        return hidden.toArray(ValueLayout.JAVA_FLOAT);
    }

    @Test
    void shouldRefuseModelThatIsNoEncoderInOneLine() {
        ModelFile decoder = ModelFile.ofUser(GOLDEN.resolve("decoder_model_merged.onnx"));
        assumeTrue(decoder.exists());
        ModelException e = assertThrows(ModelException.class, () -> new WhisperTeacher(decoder, 1));
        assertTrue(
                e.getMessage()
                        .startsWith("model decoder_model_merged.onnx has no input input_features"),
                e::getMessage);
        assertEquals(1, e.getMessage().lines().count());
    }
}
