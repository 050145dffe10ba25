package io.fluxfoam.teacher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.onnx.Proto;
import io.fluxfoam.onnx.Proto.Field;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

class GraphFusionTest {
    private static final int PIXELS = 25;

    @TempDir Path directory;

    /**
     * A convolution with scale and shift, a hard swish taken apart, and another scale and shift.
     */
    private TinyOnnx block() {
        return new TinyOnnx()
                .input("x", 1, 1, 5, 5)
                .constant("weights", new float[] {0.5f, -1.5f}, 2, 1, 1, 1)
                .constant("s", 1.25f)
                .constant("t", 0.5f)
                .constant("three", 3)
                .constant("zero", 0)
                .constant("six", 6)
                .constant("u", -2)
                .constant("v", 0.75f)
                .node("Conv", List.of("x", "weights"), "conv")
                .node("Mul", List.of("s", "conv"), "scaled")
                .node("Add", List.of("scaled", "t"), "shifted")
                .node("Add", List.of("shifted", "three"), "plus")
                .node("Clip", List.of("plus", "zero", "six"), "clipped")
                .node("Mul", List.of("shifted", "clipped"), "times")
                .node("Div", List.of("times", "six"), "swish")
                .node("Mul", List.of("u", "swish"), "rescaled")
                .node("Add", List.of("rescaled", "v"), "y")
                .output("y", 1, 2, 5, 5);
    }

    private static List<String> operators(Path model, String... kept) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(model));
        List<String> operators = new ArrayList<>();
        for (Field field : Proto.fields(GraphFusion.fuse(bytes, Set.of(kept)).toBuffer())) {
            if (field.isBody(7)) {
                Proto.fields(field.body()).stream()
                        .filter(node -> node.isBody(1))
                        .map(node -> GraphNode.read(node.body()).operator())
                        .filter(operator -> !operator.equals("Constant"))
                        .forEach(operators::add);
            }
        }
        return operators;
    }

    private static float[] run(Path file, OnnxOptions options) {
        try (Arena arena = Arena.ofConfined();
                OnnxModel model = OnnxModel.open(ModelFile.ofUser(file), options);
                OnnxRun run = model.newRun()) {
            MemorySegment x = arena.allocate(PIXELS * Float.BYTES, 64);
            for (int i = 0; i < PIXELS; i++) {
                x.setAtIndex(ValueLayout.JAVA_FLOAT, i, i - 12);
            }
            MemorySegment y = arena.allocate(2 * PIXELS * Float.BYTES, 64);
            run.input("x", x, 1, 1, 5, 5).output("y", y, 1, 2, 5, 5).run();
            return y.toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    @Test
    void shouldComputeTheSameWithFewerPasses() throws IOException {
        Path file = block().write(directory.resolve("block.onnx"));
        assertEquals(
                List.of("Conv", "Mul", "Add", "HardSigmoid", "Mul", "BatchNormalization"),
                operators(file));
        assertArrayEquals(
                run(file, OnnxOptions.threads(1)),
                run(file, OnnxOptions.threads(1).withFusion()),
                1e-4f);
    }

    @Test
    void shouldKeepTensorThatIsAskedFor() throws IOException {
        Path file = block().write(directory.resolve("block.onnx"));
        assertTrue(operators(file, "clipped").containsAll(List.of("Clip", "Div")));
    }

    @Test
    void shouldKeepTensorThatAnotherNodeReads() throws IOException {
        Path file =
                block().node("Neg", List.of("plus"), "other")
                        .output("other", 1, 2, 5, 5)
                        .write(directory.resolve("block.onnx"));
        assertTrue(operators(file).containsAll(List.of("Clip", "Div", "Neg")));
    }

    @Test
    void shouldLeaveOtherGraphsAlone() throws IOException {
        List<String> expected = List.of("Add", "Mul", "Add", "Clip", "Mul", "Div");
        Path file =
                new TinyOnnx()
                        .input("x", 4)
                        .constant("three", 3)
                        .constant("zero", 0)
                        .constant("five", 5)
                        .node("Add", List.of("x", "three"), "a")
                        .node("Mul", List.of("three", "a"), "b")
                        .node("Add", List.of("b", "five"), "c")
                        .node("Clip", List.of("c", "zero", "five"), "d")
                        .node("Mul", List.of("b", "d"), "e")
                        .node("Div", List.of("e", "five"), "y")
                        .output("y", 4)
                        .write(directory.resolve("other.onnx"));
        assertEquals(expected, operators(file));
    }

    @Test
    void shouldRefuseBytesThatAreNoModelInOneLine() throws IOException {
        for (String content : List.of("no model at all", "\u0000", ":\u007F")) {
            Path file = Files.writeString(directory.resolve("broken.onnx"), content);
            OnnxOptions fused = OnnxOptions.threads(1).withFusion();
            ModelException e =
                    assertThrows(
                            ModelException.class,
                            () -> OnnxModel.open(ModelFile.ofUser(file), fused));
            assertTrue(e.getMessage().startsWith("model refused: " + file), e.getMessage());
            assertEquals(1, Stream.of(e.getMessage()).flatMap(String::lines).count());
        }
    }
}
