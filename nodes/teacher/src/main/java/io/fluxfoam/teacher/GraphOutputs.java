package io.fluxfoam.teacher;

import io.fluxfoam.onnx.Proto.Message;

import java.util.List;

/**
 * Makes inner tensors of a model fetchable. Protobuf merges repeated occurrences of a message
 * field, so a second {@code graph} field appended to the model's bytes adds its nodes and outputs
 * to the graph's own; the runtime infers their types and shapes.
 *
 * <pre>
 *   ModelProto   field 7  graph
 *     GraphProto field 1 node, field 12 output, one for each tensor
 *       ValueInfoProto field 1 name
 * </pre>
 */
final class GraphOutputs {
    private static final int FLOAT = 1;
    private static final String CONVERTED = ".f32";

    private GraphOutputs() {}

    /** Name of the output that a tensor has as f32. */
    static String converted(String tensor) {
        return tensor + CONVERTED;
    }

    /**
     * Fields to append to a model; none for no names.
     *
     * @param tensors become outputs as they are
     * @param converted become outputs as f32
     */
    static Message suffix(List<String> tensors, List<String> converted) {
        Message graph = new Message();
        for (String tensor : converted) {
            Message attributes = GraphNode.wholeAttribute(new Message(), "to", FLOAT);
            GraphNode cast = GraphNode.of("Cast", List.of(tensor), converted(tensor), attributes);
            graph.body(1, cast.bytes()).message(12, new Message().text(1, converted(tensor)));
        }
        for (String tensor : tensors) {
            graph.message(12, new Message().text(1, tensor));
        }
        return graph.bytes() > 0 ? new Message().message(7, graph) : graph;
    }
}
