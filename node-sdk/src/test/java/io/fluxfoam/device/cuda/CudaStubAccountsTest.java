package io.fluxfoam.device.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.device.Buffer;
import io.fluxfoam.device.Device;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.stream.Checksum;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.SharedMemory;
import io.fluxfoam.stream.StreamReader;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.stream.WaitMode;
import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** What a process takes from the driver it gives back: the stub keeps the accounts. */
@Timeout(60)
@ExtendWith(StubCuda.class)
class CudaStubAccountsTest {
    private static final long WORDS = 1 << 10;
    private static final long WATCHDOG_NS = 30_000_000_000L;

    @TempDir(factory = SharedMemory.class)
    Path directory;

    private final Device device = Device.of("cuda:0");
    private FoamDirectory foam;
    private long lives;

    @BeforeEach
    void createFoam() throws IOException {
        foam = FoamDirectory.create(directory.resolve("foam"));
    }

    private static <T> T onAThreadThatEnds(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = Thread.ofPlatform().start(task);
        T result = task.get();
        thread.join();
        return result;
    }

    private StreamWriter writer() throws IOException {
        StreamSpec spec = StreamSpec.of("x", DType.I32, WORDS).checksum(Checksum.NONE);
        return StreamWriter.create(foam, "writer", ++lives, spec, device);
    }

    /** Everything that a node has from its device, used once. */
    private Void live() throws IOException {
        try (StreamWriter writer = writer();
                StreamReader reader =
                        StreamReader.open(
                                foam,
                                "writer." + lives + ".x.control",
                                StreamReader.Join.newest(ReadMode.LATEST, OwnerKey.of("reader", 1))
                                        .on(device, WaitMode.POLL));
                PatternKernels kernels = new PatternKernels(device);
                Buffer buffer = device.allocate(4 * WORDS)) {
            device.fusion();
            try (Claim claim = writer.claim()) {
                PatternKernels.fillOnHost(claim.payload(), 5);
                claim.tag(5).commit(1, 0);
            }
            device.queue().await(WATCHDOG_NS);
            try (Lease lease = reader.poll()) {
                kernels.countWrong(lease.memory(), WORDS, 5);
                device.queue().copy(lease.memory(), buffer.memory(), 4 * WORDS);
                assertEquals(0, kernels.wrong());
            }
        }
        return null;
    }

    /**
     * What the process has now: what has been closed before is given back by the device's own
     * thread.
     */
    private Map<String, Integer> accounts() {
        return ((CudaDevice) device).context().call(StubDriver::live);
    }

    /** Waits, as long as the test may, for the ends of threads to be seen. */
    private void awaitAccounts(Map<String, Integer> expected) throws InterruptedException {
        while (!accounts().equals(expected)) {
            Thread.sleep(5);
        }
    }

    private Map<String, Integer> withoutOtherThreads(Map<String, Integer> accounts) {
        device.queue();
        Map<String, Integer> ours = new LinkedHashMap<>(accounts);
        ours.put("streams", 1);
        return ours;
    }

    /**
     * Only the arena stays, which others may have open, and the kernels of the fabric: both once
     * for the process.
     */
    @Test
    void shouldGiveBackAllThatAThreadHad() throws Exception {
        onAThreadThatEnds(this::live);
        Map<String, Integer> before = withoutOtherThreads(accounts());
        for (int turn = 0; turn < 3; turn++) {
            onAThreadThatEnds(this::live);
        }
        awaitAccounts(before);
    }

    /**
     * A writer's fence is closed by whoever closes the writer, and that may be after the end of its
     * thread.
     */
    @Test
    void shouldKeepAThreadsStreamForItsOpenFences() throws Exception {
        StreamWriter writer = onAThreadThatEnds(this::writer);
        assertTrue(writer.queue().isIdle());
        writer.close();
        awaitAccounts(withoutOtherThreads(accounts()));
        assertThrows(CudaException.class, () -> writer.queue().isIdle());
    }
}
