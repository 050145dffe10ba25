package io.fluxfoam.bridge.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;

import io.fluxfoam.bridge.session.MessageSeal;
import io.fluxfoam.bridge.session.SessionKeys;
import io.fluxfoam.bridge.session.TestKeys;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The whole way of a tensor but for the streams at its ends, over Aeron on loopback. */
@Timeout(60)
class ChunkWayTest {
    private static final int BYTES = 150_000;
    private static final int WARM_UP = 1_000;
    private static final int FRAMES = 500;

    /** The JDK's cipher makes objects for each message; a tensor here has three. */
    private static final long MOST_SEALED = 3 * 2_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir Path directory;

    private static final class NoSink implements FrameSink {
        private final ByteBuffer slot = ByteBuffer.allocateDirect(BYTES);
        private long committed;

        @Override
        public ByteBuffer open(FrameHead head) {
            return slot;
        }

        @Override
        public void commit(FrameHead head, int crc32c) {
            committed++;
        }

        @Override
        public void abort() {
            // one may be under way at the end
        }
    }

    @Test
    void shouldAllocateNothingForATensor() throws Exception {
        long bytes = allocatedPerTensor(MessageSeal.NONE, MessageSeal.NONE);
        assertTrue(bytes < 16, "bytes=" + bytes);
    }

    @Test
    void shouldAllocateOnlyWhatTheCipherDoes() throws Exception {
        SessionKeys keys = TestKeys.session(1);
        long bytes = allocatedPerTensor(keys.tensors(true), keys.tensors(false));
        assertTrue(bytes < 2 * MOST_SEALED, "bytes=" + bytes);
    }

    private long allocatedPerTensor(MessageSeal seals, MessageSeal opens) throws Exception {
        int port;
        try (DatagramSocket probe = new DatagramSocket(0)) {
            port = probe.getLocalPort();
        }
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", port);
        NoSink sink = new NoSink();
        try (Arena arena = Arena.ofConfined();
                MediaEngine engine =
                        MediaEngine.launch(
                                directory.resolve("aeron"), 8_192, false, ChunkWayTest::fail);
                ChunkReceiver receiver = engine.subscribe(address, 5, 1, opens, sink);
                ChunkSender sender = engine.publish(address, 5, 1, BYTES, seals)) {
            MemorySegment tensor = arena.allocate(BYTES, 64);
            ByteBuffer buffer = tensor.asByteBuffer();
            FrameHead head = new FrameHead();
            while (!sender.isConnected()) {
                Thread.sleep(1);
            }
            carry(sender, receiver, head, tensor, buffer, sink, WARM_UP);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            carry(sender, receiver, head, tensor, buffer, sink, WARM_UP + FRAMES);
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertEquals(0, receiver.refused() + receiver.dropped());
            System.out.println(
                    "allocated for a tensor of three messages: bytes=" + allocated / FRAMES);
            return allocated / FRAMES;
        }
    }

    private static void carry(
            ChunkSender sender,
            ChunkReceiver receiver,
            FrameHead head,
            MemorySegment tensor,
            ByteBuffer buffer,
            NoSink sink,
            long until) {
        while (sink.committed < until) {
            if (sender.isDone()) {
                long frame = sink.committed + 1;
                head.set(frame, frame, 0, 0, 0, BYTES);
                head.rank(1);
                head.dim(0, BYTES);
                sender.begin(head, tensor, buffer);
            }
            while (!sender.isDone() && sender.advance()) {
                receiver.poll(64);
            }
            receiver.poll(64);
        }
    }

    private static void fail(Exception error) {
        throw new AssertionError(error);
    }
}
