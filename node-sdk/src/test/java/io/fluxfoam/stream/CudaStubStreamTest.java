package io.fluxfoam.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.device.cuda.CudaException;
import io.fluxfoam.device.cuda.PatternKernels;
import io.fluxfoam.device.cuda.StubCuda;
import io.fluxfoam.device.cuda.StubDriver;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Streams on the stub driver's device, whose calls can be made to fail. */
@ExtendWith(StubCuda.class)
class CudaStubStreamTest extends CudaStreamContract {
    private static final String STAMP = "cuStreamWriteValue64_v2";
    private static final String COPY = "cuMemcpyHtoDAsync_v2";
    private static final String LAUNCH = "cuLaunchKernel";
    private static final int LAUNCH_FAILED = 719;
    private static final long WORDS = 64;

    @AfterEach
    void heal() {
        StubDriver.fail("", 0, 0, 0);
    }

    /**
     * Two stamps make a commit: without the first there is none, without the second it comes with
     * the next claim.
     */
    @Test
    void shouldGoOnAfterTheDriverHasRefusedAStamp() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 1).maxReaders(1).slots(3));
        StreamReader reader = reader(ReadMode.IN_ORDER, OwnerKey.of("reader", 1));
        List<Long> seen = new ArrayList<>();
        for (int stamp = 0; stamp < 2; stamp++) {
            long value = 10 * stamp;
            StubDriver.fail(STAMP, LAUNCH_FAILED, stamp, 1);
            CudaException refused =
                    assertThrows(CudaException.class, () -> commit(writer, value + 1));
            assertEquals(
                    "cuStreamWriteValue64 failed: CUDA_ERROR_LAUNCH_FAILED code=719",
                    refused.getMessage());
            commit(writer, value + 2);
            for (Lease lease = poll(reader); lease != null; lease = poll(reader)) {
                seen.add(value(lease));
                lease.close();
            }
        }
        assertEquals(List.of(2L, 11L, 12L), seen);
        assertEquals(2, StreamView.read(foam().path().resolve("writer.1.x.control")).aborted());
    }

    /**
     * Whichever stamp was refused, what was sent before may still be on its way out of the buffer
     * that the CPU fills next.
     */
    @Test
    void shouldNotFillTheStagingBufferWhileACommitThatFailedIsSent() throws Exception {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 1).maxReaders(1).slots(8));
        StreamReader reader = reader(ReadMode.IN_ORDER, OwnerKey.of("reader", 1));
        List<Long> seen = new ArrayList<>();
        for (int stamp = 0; stamp < 2; stamp++) {
            long value = 10 * stamp;
            try (Gate gate = new Gate(writer.queue(), foam().path().resolve("gate" + stamp))) {
                StubDriver.fail(STAMP, LAUNCH_FAILED, stamp, 1);
                assertThrows(CudaException.class, () -> commitUnawaited(writer, value + 1));
                AtomicBoolean isFilled = new AtomicBoolean();
                Thread opener = openOnceItWaits(gate, isFilled);
                try (Claim claim = writer.claim()) {
                    claim.payload().set(ValueLayout.JAVA_LONG, 0, value + 2);
                    isFilled.set(true);
                    opener.join();
                    claim.commit(value + 2, 0);
                }
                writer.queue().await(1_000_000_000L);
            }
            for (Lease lease = poll(reader); lease != null; lease = poll(reader)) {
                assertEquals(lease.frameNumber(), value(lease));
                seen.add(value(lease));
                lease.close();
            }
        }
        assertEquals(List.of(2L, 11L, 12L), seen);
    }

    private static void commitUnawaited(StreamWriter writer, long value) {
        try (Claim claim = writer.claim()) {
            claim.payload().set(ValueLayout.JAVA_LONG, 0, value);
            claim.commit(value, 0);
        }
    }

    /**
     * Opens the gate when the calling thread waits for its queue, or has filled the buffer without.
     */
    private static Thread openOnceItWaits(Gate gate, AtomicBoolean isFilled) {
        Thread writing = Thread.currentThread();
        return Thread.ofPlatform()
                .start(() -> {
                    while (writing.getState() != Thread.State.TIMED_WAITING && !isFilled.get()) {
                        Thread.onSpinWait();
                    }
                    gate.open();
                });
    }

    @Test
    void shouldGoOnAfterTheDriverHasRefusedACopyOrALaunch() throws IOException {
        StreamSpec spec =
                StreamSpec.of("x", DType.I32, WORDS).checksum(Checksum.NONE).maxReaders(1).slots(3);
        StreamWriter writer = writer(spec);
        StreamReader reader = reader(ReadMode.IN_ORDER, OwnerKey.of("reader", 1));
        StubDriver.fail(COPY, LAUNCH_FAILED, 0, 1);
        assertThrows(CudaException.class, () -> commit(writer, 1));
        commit(writer, 2);
        try (PatternKernels kernels = new PatternKernels(device())) {
            StubDriver.fail(LAUNCH, LAUNCH_FAILED, 0, 1);
            assertThrows(CudaException.class, () -> commit(writer, kernels, 3));
            commit(writer, kernels, 4);
        }
        writer.queue().await(1_000_000_000L);
        for (long frame : new long[] {2, 4}) {
            try (Lease lease = poll(reader)) {
                assertEquals(frame, lease.frameNumber());
            }
        }
        assertEquals(8, writer.copiedBytes() / WORDS * 2);
    }

    private static void commit(StreamWriter writer, PatternKernels kernels, int seed) {
        try (Claim claim = writer.claim()) {
            kernels.fill(claim.memory(), WORDS, seed);
            claim.commit(seed, 0);
        }
    }

    /** A peer's stream that cannot be joined is no reason for a node to end. */
    @ParameterizedTest
    @ValueSource(strings = {"cuMemHostRegister_v2", "cuMemHostGetDevicePointer_v2"})
    void shouldRefuseToJoinWhereTheDriverFailsAndKeepNothing(String call) throws IOException {
        writer(StreamSpec.of("x", DType.I64, 1));
        int registered = StubDriver.live().get("registered");
        StubDriver.fail(call, LAUNCH_FAILED, 0, 1);
        IOException refused =
                assertThrows(
                        IOException.class, () -> reader(ReadMode.LATEST, OwnerKey.of("reader", 1)));
        String path = foam().path().resolve("writer.1.x.control").toString();
        assertTrue(
                refused.getMessage()
                        .startsWith("a device failed: path=" + path + " device=cuda:0 "),
                refused::getMessage);
        assertTrue(
                refused.getMessage().contains(" failed: CUDA_ERROR_LAUNCH_FAILED code=719 bytes="),
                refused::getMessage);
        assertEquals(registered, StubDriver.live().get("registered"));
        reader(ReadMode.LATEST, OwnerKey.of("reader", 1));
    }

    /**
     * A GPU that has failed fails every call after that: the writer says so each time, and never
     * that it is stuck.
     */
    @Test
    void shouldSayWhatTheDeviceSaysForAsLongAsItHasFailed() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 1).maxReaders(1).slots(3));
        for (int stamp = 0; stamp < 2; stamp++) {
            StubDriver.fail(STAMP, LAUNCH_FAILED, stamp, Long.MAX_VALUE);
            for (int attempt = 0; attempt < 5; attempt++) {
                CudaException said = assertThrows(CudaException.class, () -> commit(writer, 1));
                assertTrue(
                        said.getMessage().contains("CUDA_ERROR_LAUNCH_FAILED"), said.getMessage());
            }
            heal();
            commit(writer, 2);
            assertEquals(0, writer.inFlight());
        }
    }
}
