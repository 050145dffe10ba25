package io.fluxfoam.bench.transport;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.FrameDescriptor;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Aeron IPC with its media driver inside the writer's process. A payload that fits one frame is
 * written in place (tryClaim); a larger one is copied in and reassembled by the reader, and one
 * above Aeron's message limit is sent in chunks.
 */
final class AeronTransport implements Transport {
    private static final int MTU_BYTES = 65_504;
    private static final int MIN_TERM_BYTES = 1 << 20;
    private static final int MAX_TERM_BYTES = 128 << 20;
    private static final int FRAGMENT_LIMIT = 16;
    private final String aeronDirectory;
    private MediaDriver driver;
    private Aeron aeron;

    AeronTransport(Path directory) {
        this.aeronDirectory = directory.resolve("aeron").toString();
    }

    /** Eight messages in a term, which is what Aeron asks for. */
    private static int termBytes(long payloadBytes) {
        return Math.clamp(Long.highestOneBit(8 * payloadBytes), MIN_TERM_BYTES, MAX_TERM_BYTES);
    }

    private static int chunkBytes(long payloadBytes) {
        return (int)
                Math.min(
                        payloadBytes,
                        FrameDescriptor.computeMaxMessageLength(termBytes(payloadBytes)));
    }

    @Override
    public int chunks(long payloadBytes) {
        return (int) Math.ceilDiv(payloadBytes, (long) chunkBytes(payloadBytes));
    }

    private static String channel(Route route) {
        return "aeron:ipc?term-length=" + termBytes(route.payloadBytes()) + "|mtu=" + MTU_BYTES;
    }

    private Aeron client() {
        if (aeron == null) {
            aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(aeronDirectory));
        }
        return aeron;
    }

    @Override
    public Outlet write(Route route) {
        if (driver == null) {
            driver =
                    MediaDriver.launch(
                            new MediaDriver.Context()
                                    .aeronDirectoryName(aeronDirectory)
                                    .threadingMode(ThreadingMode.SHARED)
                                    .termBufferSparseFile(false)
                                    .performStorageChecks(false)
                                    .publicationLingerTimeoutNs(1_000_000)
                                    .dirDeleteOnStart(true)
                                    .dirDeleteOnShutdown(true));
        }
        ExclusivePublication publication =
                client().addExclusivePublication(channel(route), route.number());
        return route.payloadBytes() <= publication.maxPayloadLength()
                ? new ClaimOutlet(publication, (int) route.payloadBytes())
                : new OfferOutlet(publication, route.payloadBytes());
    }

    @Override
    public Inlet read(Route route) {
        return new AeronInlet(
                client().addSubscription(channel(route), route.number()), route.payloadBytes());
    }

    @Override
    public void close() {
        if (aeron != null) {
            aeron.close();
        }
        if (driver != null) {
            driver.close();
        }
    }

    /** Spins on back pressure, and while the reader is not there yet; anything else is an error. */
    private static void retry(long result) {
        if (result == Publication.CLOSED || result == Publication.MAX_POSITION_EXCEEDED) {
            throw new IllegalStateException(
                    "Aeron refuses the message: " + Publication.errorString(result));
        }
    }

    private static final class ClaimOutlet implements Outlet {
        private final ExclusivePublication publication;
        private final int payloadBytes;
        private final BufferClaim claim = new BufferClaim();

        ClaimOutlet(ExclusivePublication publication, int payloadBytes) {
            this.publication = publication;
            this.payloadBytes = payloadBytes;
        }

        @Override
        public MemorySegment claim() {
            long result = publication.tryClaim(payloadBytes, claim);
            while (result < 0) {
                retry(result);
                result = publication.tryClaim(payloadBytes, claim);
            }
            return RawMemory.at(claim.buffer().addressOffset() + claim.offset(), payloadBytes);
        }

        @Override
        public void send() {
            claim.commit();
        }

        @Override
        public void close() {
            publication.close();
        }
    }

    private static final class OfferOutlet implements Outlet {
        private final ExclusivePublication publication;
        private final int chunkBytes;
        private final Arena arena = Arena.ofConfined();
        private final MemorySegment payload;
        private final UnsafeBuffer[] chunks;

        OfferOutlet(ExclusivePublication publication, long payloadBytes) {
            this.publication = publication;
            this.chunkBytes = chunkBytes(payloadBytes);
            this.payload = arena.allocate(payloadBytes, 4096);
            this.chunks = new UnsafeBuffer[(int) Math.ceilDiv(payloadBytes, (long) chunkBytes)];
            for (int i = 0; i < chunks.length; i++) {
                long at = (long) i * chunkBytes;
                int bytes = (int) Math.min(chunkBytes, payloadBytes - at);
                chunks[i] = new UnsafeBuffer(payload.address() + at, bytes);
            }
        }

        @Override
        public MemorySegment claim() {
            return payload;
        }

        @Override
        public void send() {
            for (UnsafeBuffer chunk : chunks) {
                long result = publication.offer(chunk, 0, chunk.capacity());
                while (result < 0) {
                    retry(result);
                    result = publication.offer(chunk, 0, chunk.capacity());
                }
            }
        }

        @Override
        public void close() {
            publication.close();
            arena.close();
        }
    }

    private static final class AeronInlet implements Inlet {
        private final Subscription subscription;
        private final long payloadBytes;
        private final Arena arena = Arena.ofConfined();
        private final MemorySegment joined;
        private Handler handler;
        private long joinedBytes;
        private boolean more;

        AeronInlet(Subscription subscription, long payloadBytes) {
            this.subscription = subscription;
            this.payloadBytes = payloadBytes;
            this.joined =
                    payloadBytes > chunkBytes(payloadBytes)
                            ? arena.allocate(payloadBytes, 4096)
                            : null;
        }

        @Override
        public void receive(Handler newHandler) {
            handler = newHandler;
            more = true;
            FragmentHandler assembler =
                    new FragmentAssembler(
                            (buffer, offset, length, header) -> onMessage(buffer, offset, length),
                            0,
                            true);
            while (more) {
                subscription.poll(assembler, FRAGMENT_LIMIT);
            }
        }

        private void onMessage(DirectBuffer buffer, int offset, int length) {
            MemorySegment message = RawMemory.at(buffer.addressOffset() + offset, length);
            if (joined == null) {
                more = handler.onMessage(message);
                return;
            }
            MemorySegment.copy(message, 0, joined, joinedBytes, length);
            joinedBytes += length;
            if (joinedBytes == payloadBytes) {
                joinedBytes = 0;
                more = handler.onMessage(joined);
            }
        }

        @Override
        public void close() {
            subscription.close();
            arena.close();
        }
    }
}
