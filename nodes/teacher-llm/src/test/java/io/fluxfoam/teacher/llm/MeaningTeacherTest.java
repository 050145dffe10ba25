package io.fluxfoam.teacher.llm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.teacher.ModelDirectory;
import io.fluxfoam.teacher.ModelException;
import io.fluxfoam.teacher.Sample;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

class MeaningTeacherTest {
    /** Reference values of an independent run of the model. */
    private static final float[] KITE = {
        0.002604f, 0.043078f, -0.031591f, 0.014549f, 0.016729f, 0.025215f, 0.056581f, -0.031064f,
        -0.061652f, -0.040716f, 0.054373f, -0.021541f, -0.068686f, 0.014406f, 0.054622f, 0.116909f
    };

    private static MeaningTeacher teacher;

    @BeforeAll
    static void load() {
        teacher =
                new MeaningTeacher(
                        ModelDirectory.of("teacher-llm", MeaningTeacher.class, Optional.empty()),
                        1);
        teacher.load();
    }

    @AfterAll
    static void close() {
        teacher.close();
    }

    private static Sample caption(String text, Arena arena) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Sample(arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes), bytes.length);
    }

    private static float[] meaning(String text) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment features = arena.allocate(384 * Float.BYTES, 64);
            assertTrue(teacher.infer(caption(text, arena), features));
            return features.toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    private static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @Test
    void shouldGiveReferenceValues() {
        float[] kite = meaning("red kite above the harbour");
        assertArrayEquals(KITE, Arrays.copyOf(kite, KITE.length), 0.02f);
        assertEquals(1, cosine(kite, kite), 1e-5);
        for (int dead : new int[] {127, 223, 319}) {
            assertEquals(0, kite[dead], 1e-6);
        }
    }

    @Test
    void shouldBringLikeMeaningsTogether() {
        float[] happy = meaning("That is a happy person");
        double same = cosine(happy, meaning("That is a very happy person"));
        double dog = cosine(happy, meaning("That is a happy dog"));
        double day = cosine(happy, meaning("Today is a sunny day"));
        assertEquals(0.933, same, 0.02);
        assertEquals(0.689, dog, 0.02);
        assertEquals(0.269, day, 0.02);
    }

    @Test
    void shouldNotDependOnWhatCameBefore() {
        ModelDirectory models =
                ModelDirectory.of("teacher-llm", MeaningTeacher.class, Optional.empty());
        try (Arena arena = Arena.ofConfined();
                SentenceEmbedding model = new SentenceEmbedding(models, 1)) {
            MemorySegment target = arena.allocate(384 * Float.BYTES, 64);
            model.embed("old bridge", target);
            float[] first = target.toArray(ValueLayout.JAVA_FLOAT);
            model.embed(
                    "a much longer sentence about something else, with commas, and with words"
                            + " such as incontrovertible",
                    target);
            model.embed("old bridge", target);
            assertArrayEquals(first, target.toArray(ValueLayout.JAVA_FLOAT));
            assertArrayEquals(first, meaning("old bridge"));
            assertArrayEquals(first, meaning("old bridge"), "what it has said before");
        }
    }

    @Test
    void shouldHaveNothingToSayAboutEmptyCaption() {
        try (Arena arena = Arena.ofConfined()) {
            assertFalse(teacher.infer(caption(" ", arena), arena.allocate(384 * Float.BYTES, 64)));
        }
    }

    @Test
    void shouldRefuseTamperedModelWithBothDigests(@TempDir Path directory) throws IOException {
        Path original =
                Path.of(
                        System.getProperty("foam.home"),
                        "nodes",
                        "teacher-llm",
                        "target",
                        "models");
        try (var files = Files.list(original)) {
            for (Path file : files.toList()) {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
        }
        Path model = directory.resolve("all-minilm-l6-v2-q.onnx");
        byte[] bytes = Files.readAllBytes(model);
        bytes[bytes.length / 2] ^= 1;
        Files.write(model, bytes);
        ModelDirectory models =
                ModelDirectory.of("teacher-llm", MeaningTeacher.class, Optional.of(directory));
        try (MeaningTeacher tampered = new MeaningTeacher(models, 1)) {
            ModelException e = assertThrows(ModelException.class, tampered::load);
            assertTrue(e.getMessage().startsWith("model file corrupt: " + model), e::getMessage);
            assertTrue(
                    e.getMessage()
                            .contains(
                                    "expected=afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1"
                                            + " actual="),
                    e::getMessage);
        }
    }
}
