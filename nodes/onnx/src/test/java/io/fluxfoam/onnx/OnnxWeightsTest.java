package io.fluxfoam.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.onnx.Proto.Message;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

class OnnxWeightsTest {
    private static final int FLOAT = 1;
    private static final int U8 = 2;
    private static final int I8 = 3;

    @TempDir private Path directory;
    private final Message graph = new Message();

    private void tensor(String name, int type, ByteBuffer raw, long... shape) {
        Message tensor = new Message();
        for (long size : shape) {
            tensor.number(1, size);
        }
        graph.message(5, tensor.number(2, type).text(8, name).body(9, raw));
    }

    private void floats(String name, float[] values, long... shape) {
        Message tensor = new Message();
        for (long size : shape) {
            tensor.number(1, size);
        }
        graph.message(5, tensor.number(2, FLOAT).text(8, name).floats(9, values));
    }

    private static ByteBuffer bytes(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length);
        for (int value : values) {
            bytes.put((byte) value);
        }
        return bytes.flip();
    }

    private void node(String name, String... inputs) {
        Message node = new Message();
        for (String input : inputs) {
            node.text(1, input);
        }
        graph.message(1, node.text(3, name).text(4, "MatMul"));
    }

    private Path file() throws IOException {
        Path file = directory.resolve("model.onnx");
        ByteBuffer model = new Message().number(1, 8).message(7, graph).toBuffer();
        byte[] bytes = new byte[model.remaining()];
        model.get(bytes);
        return Files.write(file, bytes);
    }

    @Test
    void shouldReadFloatsAsTheyAre() throws IOException {
        floats("bias", new float[] {1, -2, .5f}, 3);
        OnnxWeights.Weight weight = OnnxWeights.of(file()).weight("bias");
        assertArrayEquals(new int[] {3}, weight.shape());
        assertArrayEquals(new float[] {1, -2, .5f}, weight.values());
    }

    @Test
    void shouldPutBackWhatWasQuantized() throws IOException {
        tensor("all_quantized", U8, bytes(130, 128, 0, 255), 2, 2);
        floats("all_scale", new float[] {.5f});
        Message zero = new Message().number(2, U8).text(8, "all_zero_point");
        graph.message(5, zero.body(5, bytes(0x80, 0x01))); // 128 as int32_data
        tensor("each_quantized", I8, bytes(1, -2, 3, -128), 2, 2);
        floats("each_scale", new float[] {.5f, .25f}, 2);
        tensor("each_zero_point", I8, bytes(0, 2), 2);
        OnnxWeights weights = OnnxWeights.of(file());
        assertArrayEquals(new float[] {1, 0, -64, 63.5f}, weights.weight("all").values());
        assertArrayEquals(new float[] {.5f, -1, 1.5f, -32.5f}, weights.weight("each").values());
    }

    @Test
    void shouldFindTheMatrixOfANode() throws IOException {
        floats("onnx::MatMul_7", new float[] {1, 2}, 2, 1);
        node("/query/MatMul", "x", "onnx::MatMul_7");
        tensor("onnx::MatMul_8_quantized", I8, bytes(4, 6), 2, 1);
        floats("onnx::MatMul_8_scale", new float[] {.5f}, 1);
        tensor("onnx::MatMul_8_zero_point", I8, bytes(0), 1);
        node(
                "/key/MatMul_quant",
                "x_quantized",
                "onnx::MatMul_8_quantized",
                "x_zero",
                "onnx::MatMul_8_zero_point");
        OnnxWeights weights = OnnxWeights.of(file());
        assertArrayEquals(new float[] {1, 2}, weights.matrix("/query/MatMul").values());
        assertArrayEquals(new float[] {2, 3}, weights.matrix("/key/MatMul").values());
        assertArrayEquals(new int[] {2, 1}, weights.matrix("/key/MatMul").shape());
        IOException none = assertThrows(IOException.class, () -> weights.matrix("/value/MatMul"));
        assertTrue(none.getMessage().startsWith("no node /value/MatMul"), none.getMessage());
    }

    @Test
    void shouldRefuseWhatIsNoModelInOneLine() throws IOException {
        floats("bias", new float[] {1, 2}, 3);
        IOException shorter =
                assertThrows(IOException.class, () -> OnnxWeights.of(file()).weight("bias"));
        assertEquals(1, shorter.getMessage().lines().count());
        byte[] whole = Files.readAllBytes(file());
        for (int cut = 0; cut < whole.length; cut++) {
            Path file = Files.write(directory.resolve("cut"), Arrays.copyOf(whole, cut));
            IOException refused = assertThrows(IOException.class, () -> OnnxWeights.of(file));
            assertTrue(refused.getMessage().startsWith("no ONNX model"), refused.getMessage());
        }
        assertThrows(IOException.class, () -> OnnxWeights.of(directory.resolve("nothing")));
    }
}
