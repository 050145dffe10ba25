package io.fluxfoam.teacher;

/**
 * Makes inner tensors of a model fetchable. Protobuf merges repeated occurrences of a message
 * field, so a second {@code graph} field appended to the model's bytes adds its outputs to the
 * graph's own; the runtime infers their shapes.
 *
 * <pre>
 *   ModelProto   field 7  graph
 *     GraphProto field 12 output, one for each tensor
 *       ValueInfoProto field 1 name
 *       ValueInfoProto field 2 type { field 1 tensor_type { field 1 elem_type = 1 (float) } }
 * </pre>
 */
final class GraphOutputs {
    private static final int FLOAT = 1;

    private GraphOutputs() {}

    /**
     * Fields to append to a model so that the named float tensors become outputs; none for no
     * names.
     */
    static Proto.Message suffix(Iterable<String> tensors) {
        Proto.Message graph = new Proto.Message();
        for (String tensor : tensors) {
            Proto.Message tensorType = new Proto.Message().number(1, FLOAT);
            Proto.Message type = new Proto.Message().message(1, tensorType);
            graph.message(12, new Proto.Message().text(1, tensor).message(2, type));
        }
        return graph.bytes() > 0 ? new Proto.Message().message(7, graph) : graph;
    }
}
