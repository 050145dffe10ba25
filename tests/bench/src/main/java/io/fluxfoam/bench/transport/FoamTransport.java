package io.fluxfoam.bench.transport;

import io.fluxfoam.device.Device;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.Mark;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.stream.Checksum;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamReader;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * A stream of the foam, through its public API. Latency is measured as a newest-value reader sees
 * it, the rate by an in-order reader that gets every message: our writer never waits, so the bench
 * holds it back.
 */
final class FoamTransport implements Transport {
    private static final String NODE = "writer";
    private static final String STREAM = "bench";
    private static final long MAX_SLEEP_NS = 10_000_000;
    private final Wait wait;
    private final boolean isMarked;

    /**
     * One side of it.
     *
     * @param isMarked whether the writer has a mark, by which a reader that is a whole node finds
     *     it
     */
    FoamTransport(Wait wait, boolean isMarked) {
        this.wait = wait;
        this.isMarked = isMarked;
    }

    @Override
    public Outlet write(Route route) throws IOException {
        StreamSpec spec =
                StreamSpec.of(STREAM, DType.U8, route.payloadBytes())
                        .maxReaders(Geometry.MAX_READERS)
                        .slots(Geometry.slots(route))
                        .checksum(Checksum.NONE);
        FoamDirectory foam = FoamDirectory.create(route.directory().resolve("foam"));
        Mark mark = isMarked ? Mark.acquire(foam, NODE, "bench", Device.HOST, new String[0]) : null;
        return new FoamOutlet(StreamWriter.create(foam, NODE, 1, spec, Device.of("host")), mark);
    }

    @Override
    public Inlet read(Route route) throws IOException {
        ReadMode mode = route.phase() == Route.Phase.LATENCY ? ReadMode.LATEST : ReadMode.IN_ORDER;
        StreamReader reader =
                StreamReader.open(
                        FoamDirectory.open(route.directory().resolve("foam")),
                        FoamDirectory.fileName(NODE, 1, STREAM + ".control"),
                        StreamReader.Join.newest(mode, OwnerKey.of("reader", 1)));
        return new FoamInlet(reader, wait, new BackoffIdleStrategy());
    }

    /**
     * How many slots: few, so that they stay in the caches and the address translation of both
     * sides. Between cores that are far apart as many as 64 MB hold, more than their last cache, if
     * many are in flight: to write over lines that the other core has read then takes longer than
     * to write to memory. -Dbench.slots in JDK_JAVA_OPTIONS tries another number.
     */
    private static final class Geometry {
        static final int MAX_READERS = 2;
        private static final int FEW_SLOTS = 8;
        private static final int MANY_SLOTS = 1_024;
        private static final double FAR_NS = 150;
        private static final long RING_BYTES = 64L << 20;

        static int slots(Route route) {
            boolean isFar = route.phase() == Route.Phase.RATE && route.pingPongNs() >= FAR_NS;
            long fitting =
                    Math.min(isFar ? MANY_SLOTS : FEW_SLOTS, RING_BYTES / route.payloadBytes());
            return Integer.getInteger("bench.slots", Math.max(MAX_READERS + 2, (int) fitting));
        }
    }

    private record FoamInlet(StreamReader reader, Wait waiting, IdleStrategy backoff)
            implements Inlet {
        @Override
        public void receive(Handler handler) {
            boolean more = true;
            while (more) {
                try (Lease lease = next()) {
                    more = handler.onMessage(lease.payload());
                }
            }
            if (reader.missed() != 0) {
                throw new IllegalStateException("messages were lost: missed=" + reader.missed());
            }
        }

        private Lease next() {
            Lease lease = reader.poll();
            while (lease == null) {
                switch (waiting) {
                    case SPIN -> {}
                    case BACKOFF -> backoff.idle();
                    case BLOCKING -> reader.await(MAX_SLEEP_NS);
                }
                lease = reader.poll();
            }
            backoff.reset();
            return lease;
        }

        @Override
        public void close() {
            reader.close();
        }
    }

    private static final class FoamOutlet implements Outlet {
        private final StreamWriter writer;
        private final Mark mark;
        private final long window;
        private Claim claim;

        FoamOutlet(StreamWriter writer, Mark mark) {
            this.writer = writer;
            this.mark = mark;
            this.window = writer.header().spec().slots() - 2L;
        }

        @Override
        public MemorySegment claim() {
            claim = writer.claim();
            return claim.payload();
        }

        @Override
        public void send() {
            claim.commit(0, 0);
        }

        @Override
        public long window() {
            return window;
        }

        @Override
        public void close() throws IOException {
            writer.remove();
            writer.close();
            if (mark != null) {
                mark.close();
            }
        }
    }
}
