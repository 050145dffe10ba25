package io.fluxfoam.student.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.onnx.OnnxWeights;
import io.fluxfoam.onnx.Proto;
import io.fluxfoam.onnx.Proto.Field;
import io.fluxfoam.onnx.Proto.Message;
import io.fluxfoam.teacher.ModelFile;
import io.fluxfoam.teacher.OnnxModel;
import io.fluxfoam.teacher.OnnxOptions;
import io.fluxfoam.teacher.OnnxRun;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The layers that the student takes over, beside the language teacher's model itself, run by ONNX
 * Runtime: the same hidden states for the same inputs. The packaged model has 8-bit weights and
 * rounds what goes into each multiplication to 8 bits too; that rounding alone is taken out of its
 * graph, so that both compute with the same numbers.
 */
class LanguageModelTest {
    private static final int LAYERS = 6;
    private static final long[] TOKENS = {101, 1037, 2417, 13474, 2003, 2503, 1996, 3829, 102};
    private static final String QUANT = "/MatMul_quant";

    @TempDir private Path directory;

    @Test
    void shouldComputeWhatTheModelComputes() throws IOException {
        Path packaged =
                Path.of(
                        System.getProperty("foam.home"),
                        "nodes",
                        "teacher-llm",
                        "target",
                        "models",
                        "all-minilm-l6-v2-q.onnx");
        LanguageModel model = LanguageModel.read(packaged, LAYERS);
        OnnxWeights weights = OnnxWeights.of(packaged);
        try (Arena arena = Arena.ofShared()) {
            boolean[] there = new boolean[TOKENS.length];
            Arrays.fill(there, true);
            float[] ours = LayersOf.model(arena, model, embedded(model, weights), there);
            float[] theirs = hidden(arena, unrounded(packaged, weights));
            double largest = 0;
            for (int i = 0; i < ours.length; i++) {
                largest = Math.max(largest, Math.abs(ours[i] - theirs[i]));
            }
            System.out.println("largest difference=" + largest);
            assertTrue(largest < 1e-4, "largest difference=" + largest);
            assertEquals(TOKENS.length * LanguageModel.WIDTH, ours.length);
        }
    }

    /** What comes into the first layer where there are words. */
    private static float[] embedded(LanguageModel model, OnnxWeights weights) throws IOException {
        float[] words = weights.weight("embeddings.word_embeddings.weight").values();
        float[] positions = model.weights().get("positions");
        float[] gain = model.weights().get("first.gain");
        float[] bias = model.weights().get("first.bias");
        float[] x = new float[TOKENS.length * LanguageModel.WIDTH];
        for (int t = 0; t < TOKENS.length; t++) {
            double[] row = new double[LanguageModel.WIDTH];
            double mean = 0;
            for (int d = 0; d < row.length; d++) {
                row[d] = words[(int) TOKENS[t] * row.length + d] + positions[t * row.length + d];
                mean += row[d] / row.length;
            }
            double variance = 0;
            for (double value : row) {
                variance += (value - mean) * (value - mean) / row.length;
            }
            for (int d = 0; d < row.length; d++) {
                double normed = (row[d] - mean) / Math.sqrt(variance + 1e-12);
                x[t * row.length + d] = (float) (normed * gain[d] + bias[d]);
            }
        }
        return x;
    }

    private static float[] hidden(Arena arena, Path model) {
        MemorySegment ids = arena.allocateFrom(ValueLayout.JAVA_LONG, TOKENS);
        long[] ones = new long[TOKENS.length];
        Arrays.fill(ones, 1);
        MemorySegment mask = arena.allocateFrom(ValueLayout.JAVA_LONG, ones);
        MemorySegment types = arena.allocateFrom(ValueLayout.JAVA_LONG, new long[TOKENS.length]);
        MemorySegment out =
                arena.allocate((long) TOKENS.length * LanguageModel.WIDTH * Float.BYTES, 64);
        try (OnnxModel loaded = OnnxModel.open(ModelFile.ofUser(model), OnnxOptions.threads(1));
                OnnxRun run = loaded.newRun()) {
            run.input("input_ids", ids, 1, TOKENS.length)
                    .input("attention_mask", mask, 1, TOKENS.length)
                    .input("token_type_ids", types, 1, TOKENS.length)
                    .output("last_hidden_state", out, 1, TOKENS.length, LanguageModel.WIDTH)
                    .run();
        }
        return out.toArray(ValueLayout.JAVA_FLOAT);
    }

    /** The model with multiplications in floats, by the weights put back; all else is its own. */
    private Path unrounded(Path packaged, OnnxWeights weights) throws IOException {
        ByteBuffer bytes;
        try (FileChannel channel = FileChannel.open(packaged)) {
            bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        }
        Message model = new Message();
        for (Field field : Proto.fields(bytes)) {
            if (field.isBody(7)) {
                model.message(7, unrounded(field.body(), weights));
            } else {
                model.field(field);
            }
        }
        Path file = directory.resolve("unrounded.onnx");
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(model.toBuffer());
        }
        return file;
    }

    private record Node(String name, String operator, List<String> inputs, String output) {
        static Node of(Field field) {
            String name = "";
            String operator = "";
            List<String> inputs = new ArrayList<>();
            String output = "";
            for (Field part : Proto.fields(field.body())) {
                if (part.isBody(1)) {
                    inputs.add(part.text());
                } else if (part.isBody(2) && output.isEmpty()) {
                    output = part.text();
                } else if (part.isBody(3)) {
                    name = part.text();
                } else if (part.isBody(4)) {
                    operator = part.text();
                }
            }
            return new Node(name, operator, inputs, output);
        }
    }

    private static Message unrounded(ByteBuffer graph, OnnxWeights weights) throws IOException {
        Map<String, String> roundedFrom = new HashMap<>();
        Map<String, String> multiplied = new HashMap<>();
        Message floats = new Message();
        int replaced = 0;
        for (Field field : Proto.fields(graph)) {
            if (!field.isBody(1)) {
                floats.field(field);
                continue;
            }
            Node node = Node.of(field);
            if (node.operator().equals("DynamicQuantizeLinear")) {
                roundedFrom.put(node.output(), node.inputs().getFirst());
            } else if (node.operator().equals("MatMulInteger")) {
                multiplied.put(node.name(), roundedFrom.get(node.inputs().getFirst()));
            } else if (node.name().endsWith(QUANT + "_output_scale_mul")) {
                String name =
                        node.name()
                                .substring(0, node.name().length() - "_output_scale_mul".length());
                multiply(floats, weights, name, multiplied.get(name), node.output());
                replaced++;
            } else if (!node.name().endsWith(QUANT + "_scales_mul")
                    && !node.name().endsWith("_output_quantized_cast")) {
                floats.field(field);
            }
        }
        assertEquals(6 * LAYERS, replaced);
        return floats;
    }

    private static void multiply(
            Message graph, OnnxWeights weights, String name, String input, String output)
            throws IOException {
        OnnxWeights.Weight weight =
                weights.matrix(name.substring(0, name.length() - "_quant".length()));
        Message tensor = new Message();
        for (int size : weight.shape()) {
            tensor.number(1, size);
        }
        String matrix = name + "_floats";
        graph.message(5, tensor.number(2, 1).text(8, matrix).floats(9, weight.values()));
        graph.message(
                1,
                new Message()
                        .text(1, input)
                        .text(1, matrix)
                        .text(2, output)
                        .text(3, name)
                        .text(4, "MatMul"));
    }
}
