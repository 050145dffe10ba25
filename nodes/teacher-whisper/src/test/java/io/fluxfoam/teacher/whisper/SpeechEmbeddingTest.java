package io.fluxfoam.teacher.whisper;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxfoam.teacher.ModelDirectory;
import io.fluxfoam.teacher.ModelException;
import io.fluxfoam.teacher.ModelFile;
import io.fluxfoam.teacher.Sample;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;

class SpeechEmbeddingTest {
    private static final ModelDirectory MODELS =
            ModelDirectory.of("teacher-whisper", SpeechEmbedding.class, Optional.empty());

    /** Reference values of an independent run of both models on {@link Tones} of one second. */
    private static final float[] MEL_FRAME_0 = {
        10.91525f, 12.201469f, 12.024446f, 10.106409f, 11.682203f, 11.852584f, 10.345941f,
                6.964614f,
        6.578808f, 5.285779f, 5.850837f, 8.26108f, 10.797009f, 11.319347f, 10.339135f, 7.256322f,
        5.91731f, 4.807998f, 4.281108f, 4.201841f, 4.201841f, 4.201841f, 4.201841f, 5.16929f,
        9.378567f, 10.844084f, 9.920398f, 5.145962f, 4.201841f, 4.201841f, 4.201841f, 4.201841f
    };

    private static final float[] EMBEDDING_0 = {
        -8.99268f, 21.03042f, 11.982019f, -4.348969f, 5.155305f, 15.509952f, 7.38669f, -12.522118f,
        -4.713338f, 4.524196f, -20.02784f, -8.763144f, 8.896366f, -4.512113f, -5.737719f, -0.531089f
    };

    private static final float[] EMBEDDING_2 = {
        -9.070762f, 20.993862f, 11.887366f, -4.370108f, 5.216659f, 15.620548f, 7.325955f,
                -12.296183f,
        -4.701889f, 4.488045f, -19.964853f, -8.71839f, 8.953939f, -4.535881f, -5.852262f, -0.528503f
    };

    @BeforeAll
    static void needModels() {
        boolean there = MODELS.files().stream().allMatch(ModelFile::exists);
        if (!there) {
            System.out.println(
                    "skipped: the speech models are not there (the build fetches them through"
                            + " npm)");
        }
        assumeTrue(there);
    }

    @Test
    void shouldGiveReferenceValuesOnTones() {
        try (Arena arena = Arena.ofConfined();
                SpeechEmbedding embedding = new SpeechEmbedding(MODELS, 1, 16_000)) {
            MemorySegment target = arena.allocate(3 * SpeechEmbedding.CHANNELS * Float.BYTES, 64);
            embedding.embed(Tones.of(16_000, arena), target);
            float[] mel = embedding.mel().toArray(ValueLayout.JAVA_FLOAT);
            float[] features = target.toArray(ValueLayout.JAVA_FLOAT);
            assertEquals(97 * 32, mel.length);
            assertArrayEquals(MEL_FRAME_0, Arrays.copyOf(mel, 32), 0.01f);
            assertArrayEquals(EMBEDDING_0, Arrays.copyOf(features, 16), 0.01f);
            assertArrayEquals(EMBEDDING_2, Arrays.copyOfRange(features, 192, 208), 0.01f);
        }
    }

    @Test
    void shouldHave23EmbeddingsOf80MsInASceneWindow() {
        assertEquals(23, SpeechEmbedding.embeddings(40_960));
        assertEquals(1, SpeechEmbedding.embeddings(12_512));
        assertEquals(1, SpeechEmbedding.embeddings(8_000));
        assertEquals(116, SpeechEmbedding.embeddings(160_000));
    }

    @Test
    void shouldFillAllStepsOfAWindow() {
        try (Arena arena = Arena.ofConfined();
                ListeningTeacher teacher = new ListeningTeacher(MODELS, 1)) {
            teacher.load();
            assertArrayEquals(new long[] {116, 96}, teacher.features().shape());
            assertArrayEquals(
                    new long[] {23, 96}, teacher.shapeOf(new Sample(MemorySegment.NULL, 40_960)));
            MemorySegment features = arena.allocate(23 * 96 * Float.BYTES, 64);
            features.fill((byte) -1);
            teacher.infer(new Sample(Tones.of(40_960, arena), 40_960), features);
            for (float feature : features.toArray(ValueLayout.JAVA_FLOAT)) {
                assertEquals(0, feature, 100);
            }
        }
    }

    @Test
    void shouldTakeWindowsOfAnyLengthOneAfterTheOther() {
        try (Arena arena = Arena.ofConfined();
                ListeningTeacher teacher = new ListeningTeacher(MODELS, 1)) {
            teacher.load();
            float[] first = embedded(teacher, 16_000, arena);
            assertEquals(1 * 96, embedded(teacher, 8_000, arena).length);
            assertEquals(116 * 96, embedded(teacher, 160_000, arena).length);
            float[] again = embedded(teacher, 16_000, arena);
            assertArrayEquals(first, again);
            assertArrayEquals(EMBEDDING_0, Arrays.copyOf(first, 16), 0.01f);
        }
    }

    private static float[] embedded(ListeningTeacher teacher, int samples, Arena arena) {
        Sample sample = new Sample(Tones.of(samples, arena), samples);
        long[] shape = teacher.shapeOf(sample);
        MemorySegment features = arena.allocate(shape[0] * shape[1] * Float.BYTES, 64);
        assertTrue(teacher.infer(sample, features));
        float[] made = features.toArray(ValueLayout.JAVA_FLOAT);
        for (float feature : made) {
            assertTrue(Math.abs(feature) < 100);
        }
        return made;
    }

    @Test
    void shouldRefuseAWindowThatNoSensorMayPublish() {
        Sample tooLong = new Sample(MemorySegment.NULL, 160_001);
        ModelException e =
                assertThrows(
                        ModelException.class,
                        () -> new ListeningTeacher(MODELS, 1).shapeOf(tooLong));
        assertEquals("sound window of 160001 samples: may have 160000", e.getMessage());
    }
}
