package io.fluxfoam.teacher;

import io.fluxfoam.onnx.Proto.Message;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes small ONNX models for tests, so that none has to be stored. Every tensor is f32. */
public final class TinyOnnx {
    private final Message graph = new Message();

    public TinyOnnx input(String name, long... shape) {
        graph.message(11, valueInfo(name, shape));
        return this;
    }

    public TinyOnnx output(String name, long... shape) {
        graph.message(12, valueInfo(name, shape));
        return this;
    }

    /** A conversion to another type of ONNX's. */
    public TinyOnnx cast(String input, int type, String output) {
        return node(
                GraphNode.of(
                        "Cast",
                        List.of(input),
                        output,
                        GraphNode.wholeAttribute(new Message(), "to", type)));
    }

    /** An output of another type, whose shape the runtime infers. */
    TinyOnnx outputOfType(String name, int type) {
        Message tensor = new Message().number(1, type);
        graph.message(12, new Message().text(1, name).message(2, new Message().message(1, tensor)));
        return this;
    }

    TinyOnnx initializer(Message tensor) {
        graph.message(5, tensor);
        return this;
    }

    public TinyOnnx node(String operator, List<String> inputs, String output) {
        return node(GraphNode.of(operator, inputs, output));
    }

    public TinyOnnx constant(String name, float value) {
        return node(GraphNode.constant(name, new float[] {value}, 1));
    }

    public TinyOnnx constant(String name, float[] values, long... shape) {
        return node(GraphNode.constant(name, values, shape));
    }

    private TinyOnnx node(GraphNode node) {
        graph.body(1, node.bytes());
        return this;
    }

    public Path write(Path file) throws IOException {
        graph.text(2, "tiny");
        Message model =
                new Message()
                        .number(1, 8)
                        .message(8, new Message().number(2, 13))
                        .message(7, graph);
        return Files.write(file, model.toBuffer().array());
    }

    private static Message valueInfo(String name, long... shape) {
        Message dimensions = new Message();
        for (int axis = 0; axis < shape.length; axis++) {
            Message dimension = new Message();
            if (shape[axis] == TensorSpec.ANY) {
                dimension.text(2, "axis" + axis);
            } else {
                dimension.number(1, shape[axis]);
            }
            dimensions.message(1, dimension);
        }
        Message tensor = new Message().number(1, 1).message(2, dimensions);
        return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }
}
