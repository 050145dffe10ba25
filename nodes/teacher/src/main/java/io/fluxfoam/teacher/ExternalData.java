package io.fluxfoam.teacher;

import io.fluxfoam.teacher.Proto.Field;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The weights that an ONNX model keeps in files of their own. */
final class ExternalData {
    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int TENSOR_EXTERNAL_DATA = 13;
    private static final int ENTRY_KEY = 1;
    private static final int ENTRY_VALUE = 2;
    private static final String LOCATION = "location";

    private ExternalData() {}

    /**
     * Paths of all of them, relative to the model's own folder.
     *
     * @throws IllegalArgumentException if the bytes are no model
     */
    static Set<String> files(ByteBuffer model) {
        Set<String> files = new TreeSet<>();
        for (Field graph : bodies(model, MODEL_GRAPH)) {
            for (Field tensor : bodies(graph.body(), GRAPH_INITIALIZER)) {
                for (Field entry : bodies(tensor.body(), TENSOR_EXTERNAL_DATA)) {
                    if (bodies(entry.body(), ENTRY_KEY).getFirst().text().equals(LOCATION)) {
                        files.add(bodies(entry.body(), ENTRY_VALUE).getFirst().text());
                    }
                }
            }
        }
        return files;
    }

    private static List<Field> bodies(ByteBuffer message, int number) {
        List<Field> bodies = new ArrayList<>(Proto.fields(message));
        bodies.removeIf(field -> !field.isBody(number));
        return bodies;
    }
}
