package io.fluxfoam.bench.transport;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.FrameDescriptor;
import io.fluxfoam.bench.process.ChildProcess;
import io.fluxfoam.bench.process.Conversation;
import io.fluxfoam.bench.process.JavaLine;
import io.fluxfoam.bench.process.Workspace;

import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A bare Aeron publication over UDP on loopback, its subscriber in a process of its own: what a
 * bridge stands on. The media drivers are set as the bridge's. The subscriber looks at no byte but
 * the time in a message's first eight.
 */
public final class AeronUdp implements AutoCloseable {
    private static final int STREAM = 1;
    private static final int TERM_BYTES = 8 << 20;
    private static final int BUFFER_BYTES = 4 << 20;
    private static final int MESSAGE_BYTES = 64 << 10;
    private static final int FRAGMENT_LIMIT = 64;
    private static final long REPLY_MS = 30_000;
    private static final long MAX_PARK_NS = 10_000;
    private static final int MAX_LATENCIES = 1 << 20;

    private final ChildProcess reader;
    private final MediaDriver driver;
    private final Aeron aeron;
    private final ExclusivePublication publication;
    private final UnsafeBuffer message = new UnsafeBuffer(ByteBuffer.allocateDirect(16 << 20));

    /**
     * Starts both.
     *
     * @param port where the subscriber hears, on loopback
     */
    public AeronUdp(Workspace workspace, int port, int mtuBytes)
            throws IOException, InterruptedException {
        Path directory = workspace.newDirectory("udp-" + port);
        String uri = "aeron:udp?endpoint=127.0.0.1:" + port;
        reader =
                workspace.start(
                        "udp-reader-" + port,
                        JavaLine.of(
                                AeronUdp.class,
                                List.of(),
                                List.of(directory.resolve("reader").toString(), uri)));
        reader.receive(REPLY_MS);
        driver = driver(directory.resolve("writer"));
        aeron = connect(driver);
        publication =
                aeron.addExclusivePublication(
                        uri + "|term-length=" + TERM_BYTES + "|mtu=" + mtuBytes, STREAM);
        while (!publication.isConnected()) {
            Thread.sleep(1);
        }
    }

    private static MediaDriver driver(Path directory) {
        return MediaDriver.launch(
                new MediaDriver.Context()
                        .aeronDirectoryName(directory.toString())
                        .threadingMode(ThreadingMode.SHARED)
                        .sharedIdleStrategy(new BackoffIdleStrategy(100, 20, 1_000, MAX_PARK_NS))
                        .termBufferSparseFile(false)
                        .socketRcvbufLength(BUFFER_BYTES)
                        .socketSndbufLength(BUFFER_BYTES)
                        .initialWindowLength(BUFFER_BYTES)
                        .dirDeleteOnStart(true)
                        .dirDeleteOnShutdown(true));
    }

    private static Aeron connect(MediaDriver driver) {
        return Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()));
    }

    /** Sends tensors of so many bytes for so long; returns what the subscriber got in a second. */
    public double bytesPerSecond(long tensorBytes, long durationNs)
            throws IOException, InterruptedException {
        long before = received();
        long startNs = System.nanoTime();
        while (System.nanoTime() - startNs < durationNs) {
            for (long at = 0; at < tensorBytes; at += MESSAGE_BYTES) {
                int length = (int) Math.min(MESSAGE_BYTES, tensorBytes - at);
                while (publication.offer(message, (int) at, length) < 0) {
                    Thread.onSpinWait();
                }
            }
        }
        long bytes = received() - before;
        return bytes * 1e9 / (System.nanoTime() - startNs);
    }

    private long received() throws IOException, InterruptedException {
        reader.send("bytes");
        return Long.parseLong(reader.receive(REPLY_MS));
    }

    /** Sends messages of so many bytes at this pace; returns the median one-way time. */
    public double latencyNs(int bytes, int messages, long paceNs)
            throws IOException, InterruptedException {
        reader.send("latency");
        reader.receive(REPLY_MS);
        for (int i = 0; i < messages; i++) {
            long nextNs = System.nanoTime() + paceNs;
            message.putLong(0, System.nanoTime());
            while (publication.offer(message, 0, bytes) < 0) {
                Thread.onSpinWait();
            }
            while (System.nanoTime() - nextNs < 0) {
                Thread.onSpinWait();
            }
        }
        reader.send("latency");
        return Double.parseDouble(reader.receive(REPLY_MS));
    }

    @Override
    public void close() {
        aeron.close();
        driver.close();
    }

    private static volatile long total;
    private static volatile long[] latencies = new long[0];
    private static volatile int count;

    /** The subscriber: answers {@code bytes} and {@code latency} until its parent ends. */
    public static void main(String[] args) throws InterruptedException {
        Conversation parent = Conversation.begin();
        MediaDriver driver = driver(Path.of(args[0]));
        Aeron aeron = connect(driver);
        Subscription subscription = aeron.addSubscription(args[1], STREAM);
        Thread.ofPlatform().daemon().start(() -> poll(subscription));
        parent.reply("ready");
        while (true) {
            if (parent.next().equals("bytes")) {
                parent.reply(Long.toString(total));
                continue;
            }
            long[] seen = Arrays.copyOf(latencies, Math.min(count, latencies.length));
            Arrays.sort(seen);
            count = 0;
            latencies = new long[MAX_LATENCIES];
            parent.reply(Double.toString(seen.length == 0 ? 0 : seen[seen.length / 2]));
        }
    }

    private static void poll(Subscription subscription) {
        long[] sentNs = new long[1];
        FragmentHandler handler =
                (buffer, offset, length, header) -> {
                    total += length;
                    if ((header.flags() & FrameDescriptor.BEGIN_FRAG_FLAG) != 0) {
                        sentNs[0] = buffer.getLong(offset);
                    }
                    int place = count;
                    if ((header.flags() & FrameDescriptor.END_FRAG_FLAG) != 0
                            && place < latencies.length) {
                        latencies[place] = System.nanoTime() - sentNs[0];
                        count = place + 1;
                    }
                };
        while (true) {
            if (subscription.poll(handler, FRAGMENT_LIMIT) == 0) {
                Thread.onSpinWait();
            }
        }
    }
}
