package io.fluxfoam.teacher;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes small ONNX models for tests, so that none has to be stored. Every tensor is f32. */
final class TinyOnnx {
    private final ByteArrayOutputStream graph = new ByteArrayOutputStream();

    TinyOnnx input(String name, long... shape) {
        message(graph, 11, valueInfo(name, shape));
        return this;
    }

    TinyOnnx output(String name, long... shape) {
        message(graph, 12, valueInfo(name, shape));
        return this;
    }

    TinyOnnx node(String operator, List<String> inputs, String output) {
        ByteArrayOutputStream node = new ByteArrayOutputStream();
        inputs.forEach(input -> message(node, 1, text(input)));
        message(node, 2, text(output));
        message(node, 4, text(operator));
        message(graph, 1, node.toByteArray());
        return this;
    }

    Path write(Path file) throws IOException {
        message(graph, 2, text("tiny"));
        ByteArrayOutputStream opset = new ByteArrayOutputStream();
        number(opset, 2, 13);
        ByteArrayOutputStream model = new ByteArrayOutputStream();
        number(model, 1, 8);
        message(model, 8, opset.toByteArray());
        message(model, 7, graph.toByteArray());
        return Files.write(file, model.toByteArray());
    }

    private static byte[] valueInfo(String name, long... shape) {
        ByteArrayOutputStream dimensions = new ByteArrayOutputStream();
        for (int axis = 0; axis < shape.length; axis++) {
            ByteArrayOutputStream dimension = new ByteArrayOutputStream();
            if (shape[axis] == TensorSpec.ANY) {
                message(dimension, 2, text("axis" + axis));
            } else {
                number(dimension, 1, shape[axis]);
            }
            message(dimensions, 1, dimension.toByteArray());
        }
        ByteArrayOutputStream tensor = new ByteArrayOutputStream();
        number(tensor, 1, 1);
        message(tensor, 2, dimensions.toByteArray());
        ByteArrayOutputStream type = new ByteArrayOutputStream();
        message(type, 1, tensor.toByteArray());
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        message(info, 1, text(name));
        message(info, 2, type.toByteArray());
        return info.toByteArray();
    }

    private static byte[] text(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    private static void message(ByteArrayOutputStream out, int field, byte[] body) {
        varint(out, field << 3 | 2);
        varint(out, body.length);
        out.writeBytes(body);
    }

    private static void number(ByteArrayOutputStream out, int field, long value) {
        varint(out, field << 3);
        varint(out, value);
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
