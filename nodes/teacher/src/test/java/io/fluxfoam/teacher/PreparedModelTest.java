package io.fluxfoam.teacher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

class PreparedModelTest {
    private static final OnnxOptions OPTIONS = OnnxOptions.threads(1);
    private static final float[] SUM_SQUARED = {4, 16, 36};

    @TempDir Path directory;
    private Path model;
    private Path prepared;

    @BeforeEach
    void open() throws IOException {
        model =
                new TinyOnnx()
                        .input("x", 1, TensorSpec.ANY)
                        .node("Add", List.of("x", "x"), "twice")
                        .node("Mul", List.of("twice", "twice"), "y")
                        .output("y", 1, TensorSpec.ANY)
                        .write(directory.resolve("doubler.onnx"));
        prepared = directory.resolve(".doubler.onnx.prepared");
        assertArrayEquals(SUM_SQUARED, computed(OPTIONS, "y"));
        assertTrue(Files.exists(prepared));
    }

    private ModelFile file(boolean ofBuild) throws IOException {
        return new ModelFile(model, Optional.of(Digest.of(model)), "build it", ofBuild);
    }

    /** What the model makes of 1, 2, 3. */
    private float[] computed(OnnxOptions options, String output) throws IOException {
        try (Arena arena = Arena.ofConfined();
                OnnxModel opened = OnnxModel.open(file(true), options);
                OnnxRun run = opened.newRun()) {
            MemorySegment x = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, 2, 3);
            MemorySegment y = arena.allocate(3 * Float.BYTES);
            run.input("x", x, 1, 3).output(output, y, 1, 3).run();
            return y.toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    private byte[] kept() throws IOException {
        return Files.readAllBytes(prepared);
    }

    private Object inode() throws IOException {
        return Files.getAttribute(prepared, "unix:ino");
    }

    @Test
    void shouldComputeTheSameOfWhatWasKeptAndLeaveItAsItIs() throws IOException {
        Object inode = inode();
        assertArrayEquals(SUM_SQUARED, computed(OPTIONS, "y"));
        assertEquals(inode, inode());
        assertTrue(
                PreparedModel.of(file(true), OPTIONS)
                        .orElseThrow()
                        .read(Arena.ofAuto())
                        .isPresent());
    }

    @Test
    void shouldMakeItAgainForOtherOptions() throws IOException {
        assertArrayEquals(new float[] {2, 4, 6}, computed(OPTIONS.exposing("twice"), "twice"));
        assertArrayEquals(SUM_SQUARED, computed(OPTIONS, "y"));
    }

    @Test
    void shouldMakeItAgainWhereItIsDamaged() throws IOException {
        byte[] whole = kept();
        for (int at = 0; at < whole.length; at += 7) {
            try (FileChannel channel = FileChannel.open(prepared, StandardOpenOption.WRITE)) {
                byte[] damaged = whole.clone();
                damaged[at] ^= 0x10;
                channel.write(ByteBuffer.wrap(damaged));
            }
            assertTrue(
                    PreparedModel.of(file(true), OPTIONS)
                            .orElseThrow()
                            .read(Arena.ofAuto())
                            .isEmpty(),
                    "byte " + at + " of " + whole.length);
        }
        assertArrayEquals(SUM_SQUARED, computed(OPTIONS, "y"));
        assertArrayEquals(whole, kept());
        Files.write(prepared, new byte[5]);
        assertArrayEquals(SUM_SQUARED, computed(OPTIONS, "y"));
        assertArrayEquals(whole, kept());
    }

    @Test
    void shouldNotTakeItForAModelThatWasReplaced() throws IOException {
        ModelFile before = file(true);
        byte[] bytes = Files.readAllBytes(model);
        bytes[bytes.length - 1] ^= 1;
        Files.write(model, bytes);
        ModelException e =
                assertThrows(ModelException.class, () -> OnnxModel.open(before, OPTIONS));
        assertTrue(e.getMessage().startsWith("model file corrupt: " + model), e.getMessage());
        assertNotEquals(before, file(true));
    }

    @Test
    void shouldKeepNothingBesideAUsersModel() throws IOException {
        Files.delete(prepared);
        OnnxModel.open(file(false), OPTIONS).close();
        assertTrue(Files.notExists(prepared));
    }

    @Test
    void shouldLeaveNothingElseAndDoWithoutAPlaceToKeepIt() throws IOException {
        try (Stream<Path> names = Files.list(directory)) {
            assertEquals(
                    List.of(".doubler.onnx.lock", ".doubler.onnx.prepared", "doubler.onnx"),
                    names.map(path -> path.getFileName().toString()).sorted().toList());
        }
        Files.delete(prepared);
        Files.createDirectory(directory.resolve(".doubler.onnx.saving"));
        assertArrayEquals(SUM_SQUARED, computed(OPTIONS, "y"));
        assertTrue(Files.notExists(prepared));
    }
}
