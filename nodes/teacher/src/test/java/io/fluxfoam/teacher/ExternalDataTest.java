package io.fluxfoam.teacher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.fluxfoam.onnx.Proto.Message;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

class ExternalDataTest {
    @TempDir Path directory;

    /** Adds to its input what stands in a file of its own. */
    private Path model() throws Exception {
        Message weights =
                new Message()
                        .number(1, 1)
                        .number(2, 1)
                        .text(8, "weights")
                        .message(13, new Message().text(1, "location").text(2, "weights.bin"))
                        .message(13, new Message().text(1, "length").text(2, "4"))
                        .number(14, 1);
        return new TinyOnnx()
                .input("x", 1)
                .initializer(weights)
                .node("Add", List.of("x", "weights"), "y")
                .output("y", 1)
                .write(directory.resolve("model.onnx"));
    }

    private void weights(float value) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(directory.resolve("weights.bin"), bytes.putFloat(value).array());
    }

    private String digest(Path model) {
        try (OnnxModel opened = OnnxModel.open(ModelFile.ofUser(model), OnnxOptions.threads(1))) {
            return opened.sha256();
        }
    }

    @Test
    void shouldFindTheFilesOfAModel() throws Exception {
        byte[] model = Files.readAllBytes(model());
        assertEquals(Set.of("weights.bin"), ExternalData.files(ByteBuffer.wrap(model)));
    }

    @Test
    void shouldTakeWeightsInAFileOfTheirOwnForAPartOfTheModel() throws Exception {
        Path model = model();
        weights(1);
        String first = digest(model);
        assertEquals(first, digest(model));
        weights(2);
        assertNotEquals(first, digest(model));
    }
}
