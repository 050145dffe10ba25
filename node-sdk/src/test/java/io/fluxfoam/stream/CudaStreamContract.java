package io.fluxfoam.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxfoam.device.Buffer;
import io.fluxfoam.device.Device;
import io.fluxfoam.device.DeviceMemory;
import io.fluxfoam.device.Payload;
import io.fluxfoam.device.WorkQueue;
import io.fluxfoam.device.cuda.CudaProbe;
import io.fluxfoam.device.cuda.PatternKernels;
import io.fluxfoam.liveness.Mark;
import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What a stream does on a GPU besides what it does everywhere: commits in flight, leases that end
 * behind a kernel, copies.
 */
abstract class CudaStreamContract extends StreamContract {
    private static final long WORDS = 1 << 12;

    private static final StreamSpec PATTERN =
            StreamSpec.of("x", DType.I32, WORDS).checksum(Checksum.NONE);

    @Override
    public Device device() {
        return Device.of("cuda:0");
    }

    @Override
    public void corrupt(Path payloadFile, long payloadBytes, long offset) throws IOException {
        try (Payload payload = Device.openPayload("cuda:0", payloadFile, payloadBytes);
                Buffer one = device().allocateHost(1)) {
            one.memory().segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
            device().queue().copy(one.memory(), payload.memory().slice(offset, 1), 1);
            device().queue().await(WATCHDOG_NS);
        }
    }

    private StreamReader gpuReader(ReadMode mode, WaitMode waitMode, LaneOwners owners)
            throws IOException {
        StreamReader.Join join =
                new StreamReader.Join(mode, READER, owners, false).on(device(), waitMode);
        return closeLater(StreamReader.open(foam(), "writer.1.x.control", join));
    }

    private Mark mark;

    /** Without a mark nobody can tell that the writer is alive, and no GPU may wait for it. */
    @BeforeEach
    void markWriter() throws IOException {
        mark = closeLater(Mark.acquire(foam(), "writer", "test", "cuda:0", new String[0]));
    }

    private Gate gate(WorkQueue queue) throws IOException {
        return gate(queue, "gate");
    }

    private Gate gate(WorkQueue queue, String name) throws IOException {
        return new Gate(queue, foam().path().resolve(name));
    }

    /** Fills a slot by a kernel and commits behind it. */
    private void commitByKernel(StreamWriter writer, PatternKernels kernels, int seed) {
        try (Claim claim = writer.claim()) {
            kernels.fill(claim.memory(), WORDS, seed);
            claim.tag(seed).commit(seed, 0);
        }
    }

    private int wrongWords(PatternKernels kernels, Lease lease) {
        kernels.countWrong(lease.memory(), WORDS, (int) lease.tag());
        return kernels.wrong();
    }

    @Test
    void shouldCommitBehindTheKernelThatFillsTheSlot() throws IOException {
        StreamWriter writer = writer(PATTERN);
        StreamReader reader = gpuReader(ReadMode.LATEST, WaitMode.POLL, LaneOwners.IMMORTAL);
        try (PatternKernels kernels = new PatternKernels(device());
                Gate gate = gate(writer.queue())) {
            commitByKernel(writer, kernels, 7);
            assertEquals(1, writer.sequence());
            assertEquals(1, writer.inFlight());
            assertNull(reader.poll());
            assertFalse(reader.hasNews());
            assertTrue(reader.isPending());
            gate.open();
            writer.queue().await(WATCHDOG_NS);
            assertEquals(0, writer.inFlight());
            assertFalse(reader.isPending());
            try (Lease lease = poll(reader)) {
                assertEquals(7, lease.frameNumber());
                assertFalse(lease.isCopied());
                assertEquals(0, wrongWords(kernels, lease));
            }
            assertEquals(0, writer.copiedBytes());
            assertEquals(0, reader.copiedBytes());
        }
    }

    @Test
    void shouldEndALeaseBehindTheKernelThatReadsTheSlot() throws IOException {
        StreamWriter writer = writer(PATTERN.maxReaders(1).slots(3));
        StreamReader reader = gpuReader(ReadMode.LATEST, WaitMode.POLL, LaneOwners.IMMORTAL);
        try (PatternKernels kernels = new PatternKernels(device())) {
            commitByKernel(writer, kernels, 1);
            writer.queue().await(WATCHDOG_NS);
            Lease lease = poll(reader);
            long leased = lease.memory().address();
            try (Gate gate = gate(reader.queue())) {
                kernels.countWrong(lease.memory(), WORDS, 1);
                lease.close();
                assertTrue(
                        reader.isReleasing(),
                        "the lease has ended before the kernel that reads the slot");
                assertNull(reader.poll());
                for (int i = 0; i < 6; i++) {
                    // given up again and again: whatever is taken, it is not the leased slot
                    try (Claim claim = writer.claim()) {
                        assertFalse(
                                claim.memory().address() == leased,
                                "the slot is written while it is read");
                    }
                }
                gate.open();
            }
            assertEquals(0, kernels.wrong());
            assertFalse(reader.isReleasing());
        }
    }

    @Test
    void shouldHaveAsManyCommitsInFlightAsThereAreSlotsToSpare() throws IOException {
        StreamWriter writer = writer(PATTERN.maxReaders(2).slots(8));
        StreamReader reader = gpuReader(ReadMode.IN_ORDER, WaitMode.POLL, LaneOwners.IMMORTAL);
        try (PatternKernels kernels = new PatternKernels(device());
                Gate gate = gate(writer.queue())) {
            for (int seed = 1; seed <= 5; seed++) {
                commitByKernel(writer, kernels, seed);
            }
            assertEquals(5, writer.inFlight());
            gate.open();
            for (int seed = 6; seed <= 40; seed++) {
                commitByKernel(writer, kernels, seed);
                assertTrue(writer.inFlight() <= 5, "inFlight=" + writer.inFlight());
            }
            writer.queue().await(WATCHDOG_NS);
            List<Long> seen = new ArrayList<>();
            for (Lease lease = poll(reader); lease != null; lease = poll(reader)) {
                assertEquals(0, wrongWords(kernels, lease));
                seen.add(lease.tag());
                lease.close();
            }
            assertEquals(List.of(33L, 34L, 35L, 36L, 37L, 38L, 39L, 40L), seen);
        }
    }

    /**
     * A writer on a thread, and so on a queue, of its own, whose first commit waits behind a gate.
     */
    private final class Other implements AutoCloseable {
        private final ExecutorService thread = Executors.newSingleThreadExecutor();
        private final StreamWriter writer = on(() -> writer(PATTERN));
        private final PatternKernels kernels = on(() -> new PatternKernels(device()));
        private final Gate gate = on(() -> gate(writer.queue()));

        private <T> T on(Callable<T> work) {
            try {
                return thread.submit(work).get();
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError(e);
            }
        }

        private void commit(int seed) {
            on(() -> {
                commitByKernel(writer, kernels, seed);
                return null;
            });
        }

        /** Lets what was committed arrive. */
        private void open() {
            gate.open();
            on(() -> {
                writer.queue().await(WATCHDOG_NS);
                return null;
            });
        }

        @Override
        public void close() {
            gate.close();
            kernels.close();
            thread.close();
        }
    }

    @Test
    void shouldLetTheReadersGpuWaitForTheWritersGpu() throws Exception {
        try (Other other = new Other();
                PatternKernels kernels = new PatternKernels(device())) {
            StreamReader reader = gpuReader(ReadMode.LATEST, WaitMode.GPU, LaneOwners.IMMORTAL);
            assertFalse(reader.hasNews());
            other.commit(11);
            assertTrue(reader.hasNews(), "a commit in flight is news for a GPU that waits");
            try (Lease lease = reader.poll()) {
                assertNotNull(lease);
                assertEquals(11, lease.frameNumber());
                kernels.countWrong(lease.memory(), WORDS, 11);
                assertThrows(IllegalStateException.class, lease::payload);
                assertFalse(reader.queue().isIdle());
                other.gate.open();
                assertTrue(lease.confirm());
                assertEquals(0, kernels.wrong());
                assertEquals(4 * WORDS, lease.payload().byteSize());
            }
            assertNull(poll(reader));
        }
    }

    @Test
    void shouldEndTheWaitForAWriterThatIsDeadByItsLock() throws Exception {
        try (Other other = new Other();
                PatternKernels kernels = new PatternKernels(device())) {
            StreamReader reader = gpuReader(ReadMode.LATEST, WaitMode.GPU, LaneOwners.IMMORTAL);
            other.commit(11);
            try (Lease lease = reader.poll()) {
                kernels.countWrong(lease.memory(), WORDS, 11);
                mark.close(); // no goodbye: a death
                assertFalse(lease.confirm());
                assertEquals(1, other.writer.inFlight(), "the wait has ended by itself");
                other.open();
                assertFalse(lease.confirm(), "a stamp that comes too late is believed");
            }
            reader.queue().await(WATCHDOG_NS);
            assertNull(reader.poll());
        }
    }

    /**
     * The bytes of a mark may be gone with the disk that they were on; whether its lock is held can
     * still be asked.
     */
    @Test
    void shouldEndTheWaitForADeadWriterWhoseMarkWasCut() throws Exception {
        try (Other other = new Other();
                PatternKernels kernels = new PatternKernels(device())) {
            StreamReader reader = gpuReader(ReadMode.LATEST, WaitMode.GPU, LaneOwners.IMMORTAL);
            other.commit(11);
            try (Lease lease = reader.poll();
                    FileChannel bytes =
                            FileChannel.open(foam().mark("writer"), StandardOpenOption.WRITE)) {
                kernels.countWrong(lease.memory(), WORDS, 11);
                bytes.truncate(0);
                mark.close(); // no goodbye: a death
                assertFalse(lease.confirm());
            }
        }
    }

    /**
     * Neither the commit in flight nor the lease that ends behind a kernel rings when it is over.
     */
    @Test
    void shouldAwaitWhatTheGpuEnds() throws Exception {
        try (Other other = new Other();
                PatternKernels kernels = new PatternKernels(device())) {
            StreamReader reader = gpuReader(ReadMode.LATEST, WaitMode.POLL, LaneOwners.IMMORTAL);
            other.commit(11);
            assertFalse(reader.await(1), "it is in flight");
            Thread opener = whileItSleeps(other.gate::open);
            assertTrue(reader.await(WATCHDOG_NS));
            opener.join();
            try (Gate gate = gate(reader.queue(), "readers-gate")) {
                try (Lease lease = reader.poll()) {
                    assertEquals(11, lease.frameNumber());
                    kernels.countWrong(lease.memory(), WORDS, 11);
                }
                other.commit(12);
                other.open();
                assertTrue(reader.hasNews());
                assertFalse(reader.await(1), "the lease before has not ended");
                opener = whileItSleeps(gate::open);
                assertTrue(reader.await(WATCHDOG_NS));
                opener.join();
            }
            try (Lease lease = reader.poll()) {
                assertEquals(12, lease.frameNumber());
            }
            assertEquals(0, kernels.wrong());
        }
    }

    /** Does this when the stream's reader has announced that it sleeps. */
    private Thread whileItSleeps(Runnable action) {
        Path control = foam().path().resolve("writer.1.x.control");
        return Thread.ofPlatform()
                .start(() -> {
                    try {
                        while (StreamView.read(control).lanes().stream()
                                .noneMatch(StreamView.LaneView::sleeping)) {
                            Thread.onSpinWait();
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    action.run();
                });
    }

    @Test
    void shouldReadEveryCommitInOrderWhileTheReadersGpuWaits() throws Exception {
        int commits = 60;
        try (ExecutorService writerThread = Executors.newSingleThreadExecutor();
                PatternKernels kernels = new PatternKernels(device())) {
            StreamWriter writer = writerThread.submit(() -> writer(PATTERN.slots(100))).get();
            StreamReader reader = gpuReader(ReadMode.IN_ORDER, WaitMode.GPU, LaneOwners.IMMORTAL);
            Future<Void> writing = writerThread.submit(() -> commitMany(writer, commits));
            for (long expected = 1; expected <= commits; expected++) {
                Lease lease = reader.poll();
                while (lease == null) {
                    Thread.onSpinWait();
                    lease = reader.poll();
                }
                assertEquals(expected, lease.sequence());
                kernels.countWrong(lease.memory(), WORDS, (int) lease.tag());
                assertTrue(lease.confirm());
                lease.close();
            }
            writing.get();
            assertEquals(0, kernels.wrong());
            assertEquals(0, reader.missed());
        }
    }

    private Void commitMany(StreamWriter writer, int commits) {
        try (PatternKernels kernels = new PatternKernels(device())) {
            for (int seed = 1; seed <= commits; seed++) {
                if (seed % 10 == 0) {
                    kernels.linger(1_000_000);
                }
                commitByKernel(writer, kernels, seed);
            }
        }
        return null;
    }

    @Test
    void shouldCopyForAReaderOnTheHostAndCountIt() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 512));
        commit(writer, 5);
        assertEquals(4096, writer.copiedBytes());
        StreamReader host = onHost(READER);
        try (Lease lease = poll(host)) {
            assertFalse(lease.isCopied());
            assertEquals(5, value(lease));
            assertTrue(lease.isCopied());
            assertTrue(lease.isIntact());
            assertTrue(lease.memory().isHost());
            assertEquals(4096, host.copiedBytes());
        }
        commit(writer, 6);
        try (Lease lease = poll(host)) {
            assertEquals(6, value(lease));
        }
        assertEquals(8192, host.copiedBytes());
    }

    @Test
    void shouldCopyForAReaderOnTheGpuOfAStreamOnTheHost() throws IOException {
        StreamWriter writer =
                closeLater(
                        StreamWriter.create(
                                foam(),
                                "writer",
                                1,
                                StreamSpec.of("x", DType.I32, WORDS),
                                Device.of("host")));
        StreamReader reader = gpuReader(ReadMode.LATEST, WaitMode.GPU, LaneOwners.IMMORTAL);
        try (PatternKernels kernels = new PatternKernels(device());
                Claim claim = writer.claim()) {
            PatternKernels.fillOnHost(claim.payload(), 3);
            claim.tag(3).commit(3, 0);
            try (Lease lease = poll(reader)) {
                assertTrue(lease.isIntact());
                assertEquals(0, reader.copiedBytes());
                assertEquals(0, wrongWords(kernels, lease));
                assertTrue(lease.isCopied());
                assertTrue(lease.confirm());
            }
            assertEquals(4 * WORDS, reader.copiedBytes());
        }
    }

    /**
     * The copy is made in the queue of the GPU that has the bytes, and a wait in the reader's queue
     * would not hold it back.
     */
    @Test
    void shouldPollForAReaderOnAnotherGpuThoughItsGpuCouldWait() throws IOException {
        assumeTrue(CudaProbe.get().devices().size() > 1, "needs two devices");
        Device another = Device.of("cuda:1");
        try (Other other = new Other();
                PatternKernels kernels = new PatternKernels(another)) {
            StreamReader.Join join =
                    StreamReader.Join.newest(ReadMode.LATEST, READER).on(another, WaitMode.GPU);
            StreamReader reader = closeLater(StreamReader.open(foam(), "writer.1.x.control", join));
            other.commit(11);
            assertFalse(reader.hasNews());
            assertNull(reader.poll());
            other.open();
            try (Lease lease = poll(reader)) {
                assertNotNull(lease);
                assertEquals("cuda:1", lease.memory().device());
                assertEquals(0, wrongWords(kernels, lease));
                assertTrue(lease.isCopied());
            }
            assertEquals(
                    2 * 4 * WORDS,
                    reader.copiedBytes(),
                    "from one GPU to the host, and to the other");
        }
    }

    @Test
    void shouldRefuseToFillAStreamWithAChecksumByAKernel() throws IOException {
        StreamWriter writer = writer(StreamSpec.of("x", DType.I64, 512));
        try (Claim claim = writer.claim()) {
            IllegalStateException error = assertThrows(IllegalStateException.class, claim::memory);
            assertEquals(
                    "a GPU cannot fill a stream with a checksum: stream=x checksum=CRC32C wanted=NONE",
                    error.getMessage());
        }
    }

    @Test
    void shouldShareOneArenaAmongStreams() throws IOException {
        DeviceMemory first =
                payloadOf(closeLater(StreamWriter.create(foam(), "writer", 1, PATTERN, device())));
        StreamSpec other = StreamSpec.of("y", DType.U8, 3).checksum(Checksum.NONE);
        DeviceMemory second =
                payloadOf(closeLater(StreamWriter.create(foam(), "writer", 1, other, device())));
        long distance = second.address() - first.address();
        assertTrue(distance > 0 && distance < 32L << 20, "distance=" + distance);
    }

    private DeviceMemory payloadOf(StreamWriter writer) throws IOException {
        Path file = foam().path().resolve(writer.header().payloadFile());
        try (Payload payload = Device.openPayload("cuda:0", file, writer.header().payloadBytes())) {
            return payload.memory();
        }
    }
}
