package io.fluxfoam.teacher;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Makes inner tensors of a model fetchable without a protobuf library. Protobuf merges repeated
 * occurrences of a message field, so a second {@code graph} field appended to the model's bytes
 * adds its outputs to the graph's own; the runtime infers their shapes.
 *
 * <pre>
 *   ModelProto   field 7  graph   (length-delimited)
 *     GraphProto field 12 output  (length-delimited, one for each tensor)
 *       ValueInfoProto field 1 name
 *       ValueInfoProto field 2 type { field 1 tensor_type { field 1 elem_type = 1 (float) } }
 * </pre>
 */
final class GraphOutputs {
    private static final int LENGTH_DELIMITED = 2;
    private static final byte[] FLOAT_TENSOR = {0x0A, 0x02, 0x08, 0x01};

    private GraphOutputs() {}

    /**
     * Bytes to append to a model so that the named float tensors become outputs; empty for no
     * names.
     */
    static byte[] suffix(String... tensors) {
        if (tensors.length == 0) {
            return new byte[0];
        }
        ByteArrayOutputStream graph = new ByteArrayOutputStream();
        for (String tensor : tensors) {
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            write(output, 1, tensor.getBytes(StandardCharsets.UTF_8));
            write(output, 2, FLOAT_TENSOR);
            write(graph, 12, output.toByteArray());
        }
        ByteArrayOutputStream model = new ByteArrayOutputStream();
        write(model, 7, graph.toByteArray());
        return model.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, int field, byte[] body) {
        out.write(field << 3 | LENGTH_DELIMITED);
        int rest = body.length;
        while (rest > 0x7F) {
            out.write(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
        out.writeBytes(body);
    }
}
