package io.fluxfoam.teacher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

class OnnxModelTest {
    @TempDir Path directory;

    private ModelFile doubler() throws IOException {
        Path file =
                new TinyOnnx()
                        .input("x", 1, TensorSpec.ANY)
                        .node("Add", List.of("x", "x"), "twice")
                        .node("Mul", List.of("twice", "twice"), "y")
                        .output("y", 1, TensorSpec.ANY)
                        .write(directory.resolve("doubler.onnx"));
        return ModelFile.ofUser(file);
    }

    private static MemorySegment floats(Arena arena, float... values) {
        return arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
    }

    private static float[] floats(MemorySegment memory) {
        return memory.toArray(ValueLayout.JAVA_FLOAT);
    }

    @Test
    void shouldWriteOutputIntoBoundMemory() throws IOException {
        try (Arena arena = Arena.ofConfined();
                OnnxModel model = OnnxModel.open(doubler(), OnnxOptions.threads(1));
                OnnxRun run = model.newRun()) {
            MemorySegment y = arena.allocate(3 * Float.BYTES);
            run.input("x", floats(arena, 1, 2, 3), 1, 3).output("y", y, 1, 3).run();
            assertArrayEquals(new float[] {4, 16, 36}, floats(y));
        }
    }

    @Test
    void shouldSeeInputMemoryAnewAtEachRun() throws IOException {
        try (Arena arena = Arena.ofConfined();
                OnnxModel model = OnnxModel.open(doubler(), OnnxOptions.threads(1));
                OnnxRun run = model.newRun()) {
            MemorySegment x = floats(arena, 1);
            MemorySegment y = arena.allocate(Float.BYTES);
            run.input("x", x, 1, 1).output("y", y, 1, 1).run();
            x.set(ValueLayout.JAVA_FLOAT, 0, 5);
            run.run();
            assertArrayEquals(new float[] {100}, floats(y));
        }
    }

    @Test
    void shouldFetchInnerTensor() throws IOException {
        try (Arena arena = Arena.ofConfined();
                OnnxModel model =
                        OnnxModel.open(doubler(), OnnxOptions.threads(1).exposing("twice"));
                OnnxRun run = model.newRun()) {
            MemorySegment twice = arena.allocate(2 * Float.BYTES);
            run.input("x", floats(arena, 1, 2), 1, 2).output("twice", twice, 1, 2).run();
            assertArrayEquals(new float[] {2, 4}, floats(twice));
            assertArrayEquals(new long[] {1, 2}, run.shapeOf("twice"));
        }
    }

    @Test
    void shouldRefuseInnerTensorThatIsNotThere() throws IOException {
        ModelFile file = doubler();
        ModelException e =
                assertThrows(
                        ModelException.class,
                        () -> OnnxModel.open(file, OnnxOptions.threads(1).exposing("thrice")));
        assertTrue(
                e.getMessage().contains("doubler.onnx") && e.getMessage().contains("thrice"),
                e.getMessage());
    }

    @Test
    void shouldShowBothShapesWhenInputHasWrongShape() throws IOException {
        try (Arena arena = Arena.ofConfined();
                OnnxModel model = OnnxModel.open(doubler(), OnnxOptions.threads(1));
                OnnxRun run = model.newRun()) {
            MemorySegment x = floats(arena, 1, 2, 3, 4);
            ModelException e = assertThrows(ModelException.class, () -> run.input("x", x, 2, 2));
            assertEquals(
                    "wrong shape for input x of model doubler.onnx: expected [1,?], actual [2,2]",
                    e.getMessage());
        }
    }

    @Test
    void shouldRefuseOutputMemoryOfAnotherShapeInOneLine() throws IOException {
        try (Arena arena = Arena.ofConfined();
                OnnxModel model = OnnxModel.open(doubler(), OnnxOptions.threads(1));
                OnnxRun run = model.newRun()) {
            run.input("x", floats(arena, 1, 2), 1, 2)
                    .output("y", arena.allocate(3 * Float.BYTES), 1, 3);
            ModelException e = assertThrows(ModelException.class, run::run);
            assertTrue(
                    e.getMessage().contains("doubler.onnx")
                            && e.getMessage().contains("{1,2}")
                            && e.getMessage().contains("{1,3}"),
                    e.getMessage());
            assertEquals(1, e.getMessage().lines().count());
        }
    }

    @Test
    void shouldNameTheTensorsThereAreWhenOneIsUnknown() throws IOException {
        try (OnnxModel model = OnnxModel.open(doubler(), OnnxOptions.threads(1))) {
            ModelException e = assertThrows(ModelException.class, () -> model.input("pixels"));
            assertEquals(
                    "model doubler.onnx has no input pixels, it has [x f32 [1,?]]", e.getMessage());
        }
    }

    @Test
    void shouldRefuseFileThatIsNoModelInOneLine() throws IOException {
        Path file = Files.writeString(directory.resolve("broken.onnx"), "no model at all");
        ModelException e =
                assertThrows(
                        ModelException.class,
                        () -> OnnxModel.open(ModelFile.ofUser(file), OnnxOptions.threads(1)));
        assertTrue(e.getMessage().startsWith("model refused: " + file), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
    }

    @Test
    void shouldSayHowToGetMissingModel() {
        Path file = directory.resolve("absent.onnx");
        ModelFile model = new ModelFile(file, Optional.empty(), "build it", false);
        ModelException e =
                assertThrows(
                        ModelException.class, () -> OnnxModel.open(model, OnnxOptions.threads(1)));
        assertEquals("model file missing: " + file + " (build it)", e.getMessage());
    }

    @Test
    void shouldShowBothDigestsOfCorruptModel() throws IOException {
        Path file = Files.writeString(directory.resolve("tampered.onnx"), "abc");
        String expected = "0".repeat(64);
        ModelFile model = new ModelFile(file, Optional.of(expected), "build it", false);
        ModelException e = assertThrows(ModelException.class, model::verify);
        String actual = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assertTrue(
                e.getMessage().contains("expected=" + expected)
                        && e.getMessage().contains("actual=" + actual),
                e.getMessage());
    }

    @Test
    void shouldUseModelWithRightDigest() throws IOException {
        Path file = Files.writeString(directory.resolve("abc.txt"), "abc");
        String sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assertArrayEquals(
                "abc".getBytes(StandardCharsets.UTF_8),
                new ModelFile(file, Optional.of(sha256), "build it", false).readBytes());
    }
}
