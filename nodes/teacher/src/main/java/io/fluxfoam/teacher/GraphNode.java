package io.fluxfoam.teacher;

import io.fluxfoam.onnx.Proto;
import io.fluxfoam.onnx.Proto.Field;
import io.fluxfoam.onnx.Proto.Message;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One operator of an ONNX graph. A node with several outputs has the name of its first one here;
 * the others stay in its bytes.
 *
 * <pre>
 *   NodeProto      1 input*  2 output*  4 op_type  5 attribute*
 *   AttributeProto 1 name  2 f  3 i  5 t  20 type (1 float, 2 int, 4 tensor)
 *   TensorProto    1 dims*  2 data_type (1 float)  4 float_data  9 raw_data
 * </pre>
 *
 * @param operator what it computes
 * @param inputs names of its inputs
 * @param output name of its output
 * @param bytes the node as it stands in the model
 */
record GraphNode(String operator, List<String> inputs, String output, ByteBuffer bytes) {
    private static final int FLOAT = 1;
    private static final int INT = 2;
    private static final int TENSOR = 4;

    static GraphNode read(ByteBuffer bytes) {
        String operator = "";
        String output = "";
        List<String> inputs = new ArrayList<>();
        for (Field field : Proto.fields(bytes)) {
            if (field.isBody(1)) {
                inputs.add(field.text());
            } else if (field.isBody(2) && output.isEmpty()) {
                output = field.text();
            } else if (field.isBody(4)) {
                operator = field.text();
            }
        }
        return new GraphNode(operator, List.copyOf(inputs), output, bytes);
    }

    /** A node without attributes. */
    static GraphNode of(String operator, List<String> inputs, String output) {
        return of(operator, inputs, output, new Message());
    }

    /**
     * A node.
     *
     * @param attributes a message of nothing but {@link #attribute}s
     */
    static GraphNode of(String operator, List<String> inputs, String output, Message attributes) {
        Message node = new Message();
        inputs.forEach(input -> node.text(1, input));
        node.text(2, output).text(4, operator);
        Proto.fields(attributes.toBuffer()).forEach(node::field);
        return new GraphNode(operator, inputs, output, node.toBuffer());
    }

    /** Adds a whole number as an attribute of a node. */
    static Message wholeAttribute(Message attributes, String name, long value) {
        return attributes.message(5, new Message().text(1, name).number(3, value).number(20, INT));
    }

    /** Adds an attribute of a node. */
    static Message attribute(Message attributes, String name, float value) {
        return attributes.message(5, new Message().text(1, name).real(2, value).number(20, FLOAT));
    }

    /** A float constant. */
    static GraphNode constant(String name, float[] values, long... shape) {
        Message tensor = new Message();
        for (long dimension : shape) {
            tensor.number(1, dimension);
        }
        tensor.number(2, FLOAT).floats(9, values);
        Message value = new Message().text(1, "value").message(5, tensor).number(20, TENSOR);
        return of("Constant", List.of(), name, new Message().message(5, value));
    }
}
