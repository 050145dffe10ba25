package io.fluxfoam.tests.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fluxfoam.device.cuda.StubCuda;
import io.fluxfoam.device.cuda.StubDriver;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.stream.Checksum;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Python opens what a JVM has in a GPU's memory, through the driver's CUDA IPC; here the stub's.
 */
@ExtendWith({ClientTools.class, StubCuda.class})
@Timeout(300)
class ClientGpuTest {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private ClientFoam foam;

    @BeforeEach
    void createFoam() throws Exception {
        foam = new ClientFoam(directory);
    }

    @AfterEach
    void removeFoam() throws Exception {
        foam.close();
    }

    /** Fills each tensor with its frame's number. */
    private static final class Filler implements NodeAgent {
        private static final long EVERY_NS = 1_000_000;
        private StreamWriter writer;

        @Override
        public void onStart(Node node) throws Exception {
            writer = node.publish(StreamSpec.of("x", DType.F32, 4, 8).checksum(Checksum.NONE));
        }

        @Override
        public int doWork() {
            long frame = writer.sequence() + 1;
            try (Claim claim = writer.claim()) {
                MemorySegment payload = claim.payload();
                for (long at = 0; at < payload.byteSize(); at += 4) {
                    payload.set(ValueLayout.JAVA_FLOAT, at, frame);
                }
                claim.commit(frame, frame);
            }
            LockSupport.parkNanos(EVERY_NS);
            return 1;
        }
    }

    @Test
    void shouldReadInAGpusMemory() throws Exception {
        NodeRunner writer =
                NodeRunner.launch(
                        new NodeContext()
                                .foam(foam.path())
                                .name("filler")
                                .role("toy")
                                .device("cuda:0"),
                        new Filler());
        try (writer) {
            ClientProcess reader =
                    foam.start(
                            "looker",
                            Map.of(
                                    "FOAM_CUDA_LIBRARY",
                                    StubDriver.library().orElseThrow().toString()),
                            List.of(
                                    "python3",
                                    ClientTools.PYTHON.resolve("tests/gpu.py").toString()),
                            "filler/x");
            assertEquals("reads=20 torn=0 device=cuda:0", reader.figures());
            foam.assertNoErrors("filler", "looker");
        }
    }
}
