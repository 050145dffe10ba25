package io.fluxfoam.onnx;

import io.fluxfoam.onnx.Proto.Field;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of an ONNX model, by the names that they have in it, as floats: those of a quantised
 * model (ONNX Runtime's dynamic quantisation) are put back, {@code (q - zero point) * scale}. The
 * file is mapped; what is asked for is copied.
 *
 * <pre>
 *   ModelProto  7 graph
 *   GraphProto  1 node*  5 initializer*
 *   NodeProto   1 input*  3 name
 *   TensorProto 1 dims*  2 data_type (1 float, 2 u8, 3 i8)  4 float_data  5 int32_data  8 name  9 raw_data
 *
 *   quantised: NAME_quantized, NAME_scale, NAME_zero_point; of a matrix [inputs, outputs] one scale, or one for each output
 * </pre>
 */
public final class OnnxWeights {
    private static final int FLOAT = 1;
    private static final int U8 = 2;
    private static final int I8 = 3;
    private static final String QUANTIZED = "_quantized";

    private final Path file;
    private final Map<String, Tensor> tensors = new HashMap<>();
    private final Map<String, List<String>> inputsOf = new HashMap<>();

    private record Tensor(int type, int[] shape, ByteBuffer values) {
        int length() {
            int length = 1;
            for (int size : shape) {
                length = Math.multiplyExact(length, size);
            }
            return length;
        }

        float at(int index) {
            return switch (type) {
                case FLOAT -> values.getFloat(index * Float.BYTES);
                case U8 -> values.get(index) & 0xFF;
                case I8 -> values.get(index);
                default -> throw new IllegalArgumentException("data type " + type);
            };
        }
    }

    /**
     * A weight.
     *
     * @param shape of a matrix {@code [inputs, outputs]}
     * @param values row-major
     */
    public record Weight(int[] shape, float[] values) {}

    private OnnxWeights(Path file) {
        this.file = file;
    }

    /**
     * Reads which weights a model has.
     *
     * @throws IOException if the file cannot be read, or is no model
     */
    public static OnnxWeights of(Path file) throws IOException {
        OnnxWeights weights = new OnnxWeights(file);
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer model = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            for (Field field : Proto.fields(model)) {
                if (field.isBody(7)) {
                    weights.readGraph(field.body());
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("no ONNX model: file=" + file + ": " + e.getMessage(), e);
        }
        if (weights.tensors.isEmpty()) {
            throw new IOException("no ONNX model with weights: file=" + file);
        }
        return weights;
    }

    private void readGraph(ByteBuffer graph) {
        for (Field field : Proto.fields(graph)) {
            if (field.isBody(5)) {
                readTensor(field.body());
            } else if (field.isBody(1)) {
                readNode(field.body());
            }
        }
    }

    private void readNode(ByteBuffer node) {
        String name = "";
        List<String> inputs = new ArrayList<>();
        for (Field field : Proto.fields(node)) {
            if (field.isBody(1)) {
                inputs.add(field.text());
            } else if (field.isBody(3)) {
                name = field.text();
            }
        }
        inputsOf.put(name, inputs);
    }

    private void readTensor(ByteBuffer tensor) {
        String name = "";
        int type = 0;
        List<Integer> shape = new ArrayList<>();
        ByteBuffer values = ByteBuffer.allocate(0);
        for (Field field : Proto.fields(tensor)) {
            switch (field.number()) {
                case 1 -> addSizes(field, shape);
                case 2 -> type = (int) field.value();
                case 4, 9 -> values = field.body().order(ByteOrder.LITTLE_ENDIAN);
                case 5 -> values = bytes(field);
                case 8 -> name = field.text();
                default -> {}
            }
        }
        tensors.put(
                name,
                new Tensor(type, shape.stream().mapToInt(Integer::intValue).toArray(), values));
    }

    /** Whole numbers of 8 bits, which are written as those of 32 are. */
    private static ByteBuffer bytes(Field field) {
        ByteBuffer packed = field.body().duplicate();
        ByteBuffer bytes = ByteBuffer.allocate(Math.max(1, packed.remaining()));
        if (!field.isBody(5)) {
            bytes.put((byte) field.value());
        }
        while (packed.hasRemaining()) {
            bytes.put((byte) Proto.varint(packed));
        }
        return bytes.flip();
    }

    private static void addSizes(Field field, List<Integer> shape) {
        if (!field.isBody(1)) {
            shape.add(Math.toIntExact(field.value()));
            return;
        }
        ByteBuffer packed = field.body().duplicate();
        while (packed.hasRemaining()) {
            shape.add(Math.toIntExact(Proto.varint(packed)));
        }
    }

    /**
     * A weight by its name, without {@code _quantized}.
     *
     * @throws IOException if the model has none of this name, or not in a form that is known
     */
    public Weight weight(String name) throws IOException {
        Tensor plain = tensors.get(name);
        Tensor quantized = tensors.get(name + QUANTIZED);
        try {
            if (plain != null) {
                return new Weight(plain.shape(), floats(plain));
            }
            if (quantized != null) {
                return dequantized(name, quantized);
            }
            throw new IOException("no weight " + name + " in " + file);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException("weight " + name + " of " + file + ": " + e.getMessage(), e);
        }
    }

    private Weight dequantized(String name, Tensor quantized) throws IOException {
        Tensor scale = tensors.get(name + "_scale");
        Tensor zero = tensors.get(name + "_zero_point");
        if (scale == null || zero == null) {
            throw new IOException("no scale or zero point of weight " + name + " in " + file);
        }
        float[] values = floats(quantized);
        int scales = scale.length();
        if (scales != 1 && scales != quantized.shape()[quantized.shape().length - 1]) {
            throw new IllegalArgumentException("scales=" + scales);
        }
        for (int i = 0; i < values.length; i++) {
            int column = i % scales;
            values[i] = (values[i] - zero.at(column)) * scale.at(column);
        }
        return new Weight(quantized.shape(), values);
    }

    private static float[] floats(Tensor tensor) {
        float[] values = new float[tensor.length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.at(i);
        }
        return values;
    }

    /**
     * The matrix with which a node multiplies, whether it is quantised or not.
     *
     * @param node its name, without {@code _quant}
     * @throws IOException if there is no such node, or it has no matrix
     */
    public Weight matrix(String node) throws IOException {
        List<String> inputs =
                inputsOf.containsKey(node) ? inputsOf.get(node) : inputsOf.get(node + "_quant");
        if (inputs == null || inputs.size() < 2) {
            throw new IOException("no node " + node + " with a matrix in " + file);
        }
        String name = inputs.get(1);
        return weight(
                name.endsWith(QUANTIZED)
                        ? name.substring(0, name.length() - QUANTIZED.length())
                        : name);
    }
}
