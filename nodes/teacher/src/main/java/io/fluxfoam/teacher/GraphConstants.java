package io.fluxfoam.teacher;

import io.fluxfoam.onnx.Proto;
import io.fluxfoam.onnx.Proto.Field;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a graph's float constants are: the value of those that have one element, the first dimension
 * of the others.
 */
final class GraphConstants {
    private static final int FLOAT = 1;

    private final Map<String, Float> scalars = new HashMap<>();
    private final Map<String, Integer> firstDimensions = new HashMap<>();

    /** Takes the constants among some nodes. */
    GraphConstants(List<GraphNode> nodes) {
        for (GraphNode node : nodes) {
            if (node.operator().equals("Constant")) {
                for (Field attribute : Proto.fields(node.bytes())) {
                    if (attribute.isBody(5)) {
                        addValue(node.output(), attribute.body());
                    }
                }
            }
        }
    }

    private void addValue(String name, ByteBuffer attribute) {
        for (Field field : Proto.fields(attribute)) {
            if (field.isBody(5)) {
                addTensor(name, field.body());
            }
        }
    }

    private void addTensor(String name, ByteBuffer tensor) {
        long type = 0;
        ByteBuffer values = ByteBuffer.allocate(0);
        for (Field field : Proto.fields(tensor)) {
            if (field.number() == 1 && !field.isBody(1)) {
                firstDimensions.putIfAbsent(name, Math.toIntExact(field.value()));
            } else if (field.number() == 2) {
                type = field.value();
            } else if (field.isBody(4) || field.isBody(9)) {
                values = field.body();
            }
        }
        if (type == FLOAT && values.remaining() == Float.BYTES) {
            scalars.put(name, values.getFloat(0));
        }
    }

    /** Value of a constant of one element; NaN if the name is none. */
    float scalar(String name) {
        return scalars.getOrDefault(name, Float.NaN);
    }

    /** Whether the name is a constant of this one value. */
    boolean is(String name, float value) {
        return scalar(name) == value;
    }

    /** First dimension of a constant; 0 if the name is none, or has no dimensions. */
    int firstDimension(String name) {
        return firstDimensions.getOrDefault(name, 0);
    }
}
