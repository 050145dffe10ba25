package io.fluxfoam.teacher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;

class GenericTeacherTest {
    @TempDir Path directory;

    /** Mean of each channel over all pixels; the inner tensor "bright" is twice the input. */
    private Path channelMeans(long height, long width) throws IOException {
        return new TinyOnnx()
                .input("pixels", TensorSpec.ANY, 3, height, width)
                .node("Add", List.of("pixels", "pixels"), "bright")
                .node("GlobalAveragePool", List.of("bright"), "means")
                .output("means", TensorSpec.ANY, 3, 1, 1)
                .write(directory.resolve("means.onnx"));
    }

    private static GenericTeacher open(Sense sense, String... flags) {
        return CommandLine.populateSpec(GenericOptions.class, flags).open(sense, 1);
    }

    /** 2 x 4 pixels, all of one colour. */
    private static Sample red(Arena arena) {
        MemorySegment payload = arena.allocate(2 * 4 * 3);
        for (int i = 0; i < payload.byteSize(); i += 3) {
            payload.set(ValueLayout.JAVA_BYTE, i, (byte) 255);
        }
        return new Sample(payload, 2, 4, 3);
    }

    private static float[] infer(GenericTeacher teacher, Sample sample, Arena arena) {
        MemorySegment features =
                arena.allocate(TensorSpec.elements(teacher.features().shape()) * Float.BYTES, 64);
        assertTrue(teacher.infer(sample, features));
        return features.toArray(ValueLayout.JAVA_FLOAT);
    }

    @Test
    void shouldPublishOutputWithoutLeadingAxesOfOne() throws IOException {
        try (Arena arena = Arena.ofConfined();
                GenericTeacher teacher =
                        open(Sense.PICTURE, "--model", channelMeans(8, 16).toString())) {
            assertArrayEquals(new long[] {3, 1, 1}, teacher.features().shape());
            assertArrayEquals(new float[] {2, 0, 0}, infer(teacher, red(arena), arena));
        }
    }

    @Test
    void shouldOrderAndScaleChannelsAsAsked() throws IOException {
        try (Arena arena = Arena.ofConfined();
                GenericTeacher teacher =
                        open(
                                Sense.PICTURE,
                                "--model",
                                channelMeans(TensorSpec.ANY, TensorSpec.ANY).toString(),
                                "--input",
                                "pixels",
                                "--output",
                                "means",
                                "--size",
                                "5x7",
                                "--channels",
                                "BGR",
                                "--mean",
                                "0.5",
                                "--std",
                                "0.25,0.5,0.25")) {
            assertArrayEquals(new float[] {-4, -2, 4}, infer(teacher, red(arena), arena), 1e-5f);
        }
    }

    @Test
    void shouldPublishInnerTensor() throws IOException {
        try (GenericTeacher teacher =
                open(
                        Sense.PICTURE,
                        "--model",
                        channelMeans(8, 16).toString(),
                        "--output",
                        "bright")) {
            assertArrayEquals(new long[] {3, 8, 16}, teacher.features().shape());
        }
    }

    @Test
    void shouldTakeSound() throws IOException {
        Path file =
                new TinyOnnx()
                        .input("samples", 1, TensorSpec.ANY)
                        .node("Neg", List.of("samples"), "negative")
                        .output("negative", 1, TensorSpec.ANY)
                        .write(directory.resolve("negative.onnx"));
        try (Arena arena = Arena.ofConfined();
                GenericTeacher teacher =
                        open(Sense.SOUND, "--model", file.toString(), "--sound-scale", "32768")) {
            MemorySegment sound = arena.allocate(40_960 * Float.BYTES, Float.BYTES);
            sound.setAtIndex(ValueLayout.JAVA_FLOAT, 40_959, 0.5f);
            assertArrayEquals(new long[] {40_960}, teacher.features().shape());
            assertEquals(-16_384f, infer(teacher, new Sample(sound, 40_960), arena)[40_959]);
        }
    }

    @Test
    void shouldShowBothShapesWhenPicturesDoNotFitTheModel() throws IOException {
        String model = channelMeans(8, 16).toString();
        ModelException e =
                assertThrows(
                        ModelException.class,
                        () -> open(Sense.PICTURE, "--model", model, "--size", "24x32"));
        assertEquals(
                "wrong shape for input pixels of model means.onnx: expected [?,3,8,16], actual"
                        + " [1,3,24,32]",
                e.getMessage());
    }

    @Test
    void shouldShowBothShapesWhenTheSensorSendsAnotherWindow() throws IOException {
        try (Arena arena = Arena.ofConfined();
                GenericTeacher teacher =
                        open(Sense.PICTURE, "--model", channelMeans(8, 16).toString())) {
            Sample gray = new Sample(arena.allocate(8), 2, 4);
            ModelException e =
                    assertThrows(ModelException.class, () -> infer(teacher, gray, arena));
            assertEquals("wrong shape for picture: expected [?,?,3], actual [2,4]", e.getMessage());
        }
    }

    @Test
    void shouldNameTheOutputsWhenTensorIsNotThere() throws IOException {
        String model = channelMeans(8, 16).toString();
        ModelException e =
                assertThrows(
                        ModelException.class,
                        () -> open(Sense.PICTURE, "--model", model, "--output", "logits"));
        assertEquals(
                "model means.onnx has no output and no inner tensor logits, its outputs are [means"
                        + " f32 [?,3,1,1]]",
                e.getMessage());
    }
}
