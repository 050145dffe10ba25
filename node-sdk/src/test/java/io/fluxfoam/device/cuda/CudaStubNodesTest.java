package io.fluxfoam.device.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Nodes on the stub driver: memory of a GPU is a memfd, and its descriptors and mappings can be
 * looked at.
 */
@ExtendWith(StubCuda.class)
class CudaStubNodesTest extends GpuNodesContract {
    /**
     * An arena of 32 MiB that is mapped here: one is our own if we publish, and a reader does not.
     */
    @Override
    boolean hasForeignMemory(long pid, boolean byItself) throws IOException {
        try (Stream<String> maps = Files.lines(Path.of("/proc", Long.toString(pid), "maps"))) {
            return maps.filter(line -> line.contains("cuda-stub-vram"))
                    .anyMatch(line -> bytes(line) >= 32L << 20);
        }
    }

    /** There a kernel stamps, and who wants its GPU to wait polls instead. */
    @Test
    void shouldReadOnADeviceWithoutStreamMemoryOperations() throws Exception {
        environment = Map.of("CUDA_STUB_MEMORY_OPERATIONS", "0");
        producer("producer");
        for (String waiting : List.of("poll", "gpu")) {
            reader(waiting, "cuda:0", "producer", "--wait", waiting);
        }
        for (String reader : List.of("poll", "gpu")) {
            eventually(reader + " reads", () -> counter(reader, "reads.producer") > 20);
            assertEquals(0, counter(reader, "wrongWords"));
            assertEquals(0, counter(reader, "discarded"));
        }
    }

    private static long bytes(String line) {
        String[] range = line.substring(0, line.indexOf(' ')).split("-");
        return Long.parseUnsignedLong(range[1], 16) - Long.parseUnsignedLong(range[0], 16);
    }
}
