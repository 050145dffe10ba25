package io.fluxfoam.stream;

import static io.fluxfoam.stream.StreamDescriptor.*;

import io.fluxfoam.device.Device;
import io.fluxfoam.device.Payload;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.memory.SegmentWords;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * A reader of one incarnation of a stream. Belongs to one thread, holds one lane and at most one lease. Polling allocates
 * nothing, and closing frees the lane.
 */
public final class StreamReader implements AutoCloseable {
    private final StreamHeader header;
    private final ReadMode mode;
    private final MappedFile control;
    private final Payload payload;
    private final StreamDescriptor layout;
    private final MemorySegment doorbell;
    private final MemorySegment[] slots;
    private final PayloadChecksum checksum;
    private final ReaderProtocol protocol;
    private final Lease lease;

    private StreamReader(StreamHeader header, ReadMode mode, MappedFile control, Payload payload, long owner) {
        SegmentWords words = new SegmentWords(control.segment());
        this.header = header;
        this.mode = mode;
        this.control = control;
        this.payload = payload;
        this.layout = header.descriptor();
        this.doorbell = control.segment().asSlice(DOORBELL_AT, 4);
        this.slots = Slots.slice(payload.segment(), header);
        this.checksum = header.spec().checksum() == Checksum.CRC32C ? new PayloadChecksum(slots) : null;
        this.protocol = new ReaderProtocol(words, layout, owner);
        this.lease = new Lease(this, words);
    }

    /** How to join a stream. */
    public record Join(ReadMode mode, long owner, LaneOwners owners, boolean fromOldest) {
        /** Begins with the newest commit and steals no lanes. */
        public static Join newest(ReadMode mode, long owner) {
            return new Join(mode, owner, LaneOwners.IMMORTAL, false);
        }
    }

    /**
     * Joins a stream.
     *
     * @param controlFile name of the control file in the foam
     * @throws IOException if the file is corrupt or of another version, or all lanes belong to the living
     */
    public static StreamReader open(FoamDirectory foam, String controlFile, Join join) throws IOException {
        Path path = foam.path().resolve(controlFile);
        MappedFile control = MappedFile.openReadWrite(path);
        try {
            StreamHeader header = StreamHeader.read(path, control.segment());
            Payload payload =
                    Device.of(header.device())
                            .open(foam.path().resolve(header.payloadFile()), header.payloadBytes());
            try {
                StreamReader reader = new StreamReader(header, join.mode(), control, payload, join.owner());
                if (!reader.protocol.attach(join.owners(), join.fromOldest())) {
                    throw new IOException(
                            "too many readers: stream=" + header.node() + "/" + header.spec().name() + " readers="
                                    + (header.spec().maxReaders() + 1) + " maxReaders="
                                    + header.spec().maxReaders());
                }
                return reader;
            } catch (IOException | RuntimeException | Error e) {
                payload.close();
                throw e;
            }
        } catch (IllegalArgumentException e) {
            control.close();
            throw new LayoutException(LayoutException.Kind.CORRUPT, path, e.getMessage());
        } catch (IOException | RuntimeException | Error e) {
            control.close();
            throw e;
        }
    }

    /** Leases the next commit by the reader's mode; null if there is none. The lease before must be closed. */
    public Lease poll() {
        if (lease.isOpen()) {
            throw new IllegalStateException("a lease is open already: stream=" + header.spec().name());
        }
        long stamp = mode == ReadMode.LATEST ? protocol.leaseNewest() : protocol.leaseNext();
        if (stamp == 0) {
            return null;
        }
        int slot = Stamp.slot(stamp);
        return lease.begin(stamp, layout.slot(slot), slots[slot]);
    }

    void release() {
        protocol.release();
    }

    boolean isIntact(int slot, long payloadBytes, int expected) {
        return checksum == null || checksum.of(slot, payloadBytes) == expected;
    }

    /** Whether a lease is open. */
    public boolean isLeasing() {
        return lease.isOpen();
    }

    /** Whether there is a commit after the last one leased. */
    public boolean hasNews() {
        return protocol.hasNews();
    }

    /** Announces a sleep on {@link #doorbell()} and returns the value that it must still have for the sleep to begin. */
    public int prepareSleep() {
        return protocol.prepareSleep();
    }

    /** Takes the announcement back. */
    public void endSleep() {
        protocol.endSleep();
    }

    /** The word that changes at every commit. */
    public MemorySegment doorbell() {
        return doorbell;
    }

    /** Commits that went by between those that were leased. */
    public long missed() {
        return protocol.missed();
    }

    /** Sequence of the last commit leased, or the one after which the reader begins. */
    public long sequence() {
        return protocol.sequence();
    }

    /** The constant facts of the stream. */
    public StreamHeader header() {
        return header;
    }

    @Override
    public void close() {
        if (protocol.isAttached()) {
            lease.close();
            protocol.detach();
            control.close();
            payload.close();
        }
    }
}
