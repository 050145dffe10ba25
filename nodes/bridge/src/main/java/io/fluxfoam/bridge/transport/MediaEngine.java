package io.fluxfoam.bridge.transport;

import io.aeron.Aeron;
import io.aeron.ChannelUriStringBuilder;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.driver.status.SystemCounterDescriptor;
import io.fluxfoam.bridge.session.MessageSeal;

import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Aeron with its media driver in this process: it dies with the bridge, and with nobody else. Its
 * files lie in a directory of the foam, which a killed one leaves and the next start removes.
 */
public final class MediaEngine implements AutoCloseable {
    private static final Path MOST_SOCKET_BUFFER = Path.of("/proc/sys/net/core/rmem_max");
    private static final int COMMON_SOCKET_BUFFER = 212_992;
    private static final int WANTED_SOCKET_BUFFER = 4 << 20;
    private static final int SMALL_TERM_BYTES = 1 << 20;
    private static final int LARGE_TERM_BYTES = 4 << 20;
    private static final int HUGE_TERM_BYTES = 8 << 20;
    private static final long LARGE_TENSOR_BYTES = 256 << 10;
    private static final long HUGE_TENSOR_BYTES = 4 << 20;
    private static final long LINGER_NS = TimeUnit.SECONDS.toNanos(1);

    /** A process that was stopped for minutes goes on. */
    private static final long PATIENCE_NS = TimeUnit.MINUTES.toNanos(10);

    private static final long MAX_PARK_NS = 500_000;
    private static final long MAX_SPIN_PARK_NS = 10_000;

    private final MediaDriver driver;
    private final Aeron aeron;
    private final int mtuBytes;
    private long lossAtNs;
    private long lastSent;
    private long lastResent;
    private double lossRatio = Double.NaN;

    private MediaEngine(MediaDriver driver, Aeron aeron, int mtuBytes) {
        this.driver = driver;
        this.aeron = aeron;
        this.mtuBytes = mtuBytes;
    }

    /**
     * Starts it.
     *
     * @param directory of its own; what lies there is removed
     * @param mtuBytes largest datagram that is sent
     * @param isEager whether its thread hardly ever sleeps
     */
    public static MediaEngine launch(
            Path directory, int mtuBytes, boolean isEager, Consumer<Exception> onError) {
        int bufferBytes = socketBufferBytes();
        MediaDriver.Context context =
                new MediaDriver.Context()
                        .aeronDirectoryName(directory.toString())
                        .threadingMode(ThreadingMode.SHARED)
                        .sharedIdleStrategy(idle(isEager))
                        .dirDeleteOnStart(true)
                        .dirDeleteOnShutdown(true)
                        .warnIfDirectoryExists(false)
                        .termBufferSparseFile(false)
                        .performStorageChecks(true)
                        .publicationLingerTimeoutNs(LINGER_NS)
                        .clientLivenessTimeoutNs(PATIENCE_NS)
                        .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(PATIENCE_NS))
                        .publicationUnblockTimeoutNs(2 * PATIENCE_NS)
                        .socketRcvbufLength(bufferBytes)
                        .socketSndbufLength(bufferBytes)
                        .initialWindowLength(bufferBytes)
                        .errorHandler(error -> onError.accept(exception(error)));
        MediaDriver driver = MediaDriver.launchEmbedded(context);
        try {
            Aeron aeron =
                    Aeron.connect(
                            new Aeron.Context()
                                    .aeronDirectoryName(driver.aeronDirectoryName())
                                    .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(PATIENCE_NS))
                                    .errorHandler(error -> onError.accept(exception(error))));
            return new MediaEngine(driver, aeron, mtuBytes);
        } catch (RuntimeException | Error e) {
            driver.close();
            throw e;
        }
    }

    private static Exception exception(Throwable error) {
        return error instanceof Exception e ? e : new IllegalStateException(error);
    }

    private static IdleStrategy idle(boolean isEager) {
        return new BackoffIdleStrategy(
                isEager ? 100 : 10, 20, 1_000, isEager ? MAX_SPIN_PARK_NS : MAX_PARK_NS);
    }

    /** As large as this machine allows, which Aeron's window must not exceed. */
    private static int socketBufferBytes() {
        int most = COMMON_SOCKET_BUFFER;
        // In one read: a second one of such a file finds nothing.
        try (BufferedReader file = Files.newBufferedReader(MOST_SOCKET_BUFFER)) {
            most = Integer.parseInt(file.readLine().strip());
        } catch (IOException | NumberFormatException e) {
            // not to be seen in every container
        }
        return Math.min(WANTED_SOCKET_BUFFER, most);
    }

    /** A way for the tensors of one stream to a peer. */
    public ChunkSender publish(
            InetSocketAddress peer, int session, int channel, long slotBytes, MessageSeal seal) {
        String uri = udp(peer, session).mtu(mtuBytes).termLength(termBytes(slotBytes)).build();
        return new ChunkSender(aeron.addExclusivePublication(uri, channel), channel, seal);
    }

    /** Half of it may be under way; three of it take memory, on both sides. */
    private static int termBytes(long slotBytes) {
        if (slotBytes > HUGE_TENSOR_BYTES) {
            return HUGE_TERM_BYTES;
        }
        return slotBytes > LARGE_TENSOR_BYTES ? LARGE_TERM_BYTES : SMALL_TERM_BYTES;
    }

    /** The other end of that way; nobody else's session is heard. */
    public ChunkReceiver subscribe(
            InetSocketAddress at, int session, int channel, MessageSeal seal, FrameSink sink) {
        String uri = udp(at, session).build();
        return new ChunkReceiver(aeron.addSubscription(uri, channel), channel, seal, sink);
    }

    private static ChannelUriStringBuilder udp(InetSocketAddress address, int session) {
        String host = address.getAddress().getHostAddress();
        return new ChannelUriStringBuilder()
                .media("udp")
                .endpoint((host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort())
                .sessionId(session);
    }

    /** Bytes that had to be sent again, since the start. */
    public long resentBytes() {
        return system(SystemCounterDescriptor.RETRANSMITTED_BYTES);
    }

    private long system(SystemCounterDescriptor counter) {
        return driver.context().countersManager().getCounterValue(counter.id());
    }

    /**
     * The share of the last seconds' bytes that had to be sent again: about what was lost. NaN if
     * nothing was sent.
     */
    public synchronized double lossRatio(long nowNs) {
        if (nowNs - lossAtNs > TimeUnit.SECONDS.toNanos(2)) {
            long sent = system(SystemCounterDescriptor.BYTES_SENT);
            long resent = resentBytes();
            lossRatio =
                    sent == lastSent
                            ? Double.NaN
                            : (double) (resent - lastResent) / (sent - lastSent);
            lossAtNs = nowNs;
            lastSent = sent;
            lastResent = resent;
        }
        return lossRatio;
    }

    @Override
    public void close() {
        aeron.close();
        driver.close();
    }
}
