package io.fluxfoam.stream;

import static io.fluxfoam.stream.StreamDescriptor.*;

import io.fluxfoam.device.Device;
import io.fluxfoam.device.Payload;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.memory.RawWords;
import io.fluxfoam.memory.Words;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * A reader of one incarnation of a stream. Belongs to one thread, holds one lane and at most one lease. Polling allocates
 * nothing, and closing frees the lane.
 */
public final class StreamReader implements AutoCloseable {
    private final StreamHeader header;
    private final ReadMode mode;
    private final MappedFile control;
    private final Payload payload;
    private final Words words;
    private final long[] maxShape;
    private final StreamDescriptor layout;
    private final MemorySegment doorbell;
    private final MemorySegment[] slots;
    private final PayloadChecksum checksum;
    private final ReaderProtocol protocol;
    private final Lease lease;

    private StreamReader(
            StreamHeader header, ReadMode mode, MappedFile control, Words words, Payload payload, long owner) {
        this.header = header;
        this.mode = mode;
        this.control = control;
        this.payload = payload;
        this.words = words;
        this.maxShape = header.spec().maxShape();
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
        return open(foam, controlFile, join, words -> words);
    }

    static StreamReader open(FoamDirectory foam, String controlFile, Join join, UnaryOperator<Words> wrapper)
            throws IOException {
        if (controlFile.indexOf('/') >= 0) {
            throw new IOException("a control file lies in the foam itself: controlFile=" + controlFile);
        }
        Path path = foam.path().resolve(controlFile);
        MappedFile control = MappedFile.openReadWrite(path);
        try {
            StreamHeader header = StreamHeader.read(path, control.segment());
            Payload payload =
                    device(path, header).open(foam.path().resolve(header.payloadFile()), header.payloadBytes());
            try {
                Words words = wrapper.apply(new RawWords(control.segment()));
                StreamReader reader = new StreamReader(header, join.mode(), control, words, payload, join.owner());
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
        } catch (IOException | RuntimeException | Error e) {
            control.close();
            throw e;
        }
    }

    private static Device device(Path path, StreamHeader header) throws IOException {
        try {
            return Device.of(header.device());
        } catch (IllegalArgumentException e) {
            throw new IOException("the stream cannot be read here: path=" + path + " " + e.getMessage(), e);
        }
    }

    /** Leases the next commit by the reader's mode; null if there is none. The lease before must be closed. */
    public Lease poll() {
        requireOpen();
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

    boolean isIntact(int slot) {
        long at = layout.slot(slot);
        long payloadBytes = words.get(at + BYTES_IN_SLOT);
        return isPossible(at, payloadBytes)
                && (checksum == null || checksum.of(slot, payloadBytes) == words.getInt(at + CHECKSUM_IN_SLOT));
    }

    /** Whether a slot's shape is one of the stream's and its bytes are as many as that shape has. */
    private boolean isPossible(long at, long payloadBytes) {
        boolean isPossible = words.getInt(at + RANK_IN_SLOT) == maxShape.length;
        long bytes = header.spec().dtype().bytes();
        for (int i = 0; isPossible && i < maxShape.length; i++) {
            long dim = words.get(at + SHAPE_IN_SLOT + 8L * i);
            isPossible = dim >= 0 && dim <= maxShape[i];
            bytes *= dim;
        }
        return isPossible && bytes == payloadBytes;
    }

    /** Whether a lease is open. */
    public boolean isLeasing() {
        return lease.isOpen();
    }

    /** Whether there is a commit after the last one leased. */
    public boolean hasNews() {
        requireOpen();
        return protocol.hasNews();
    }

    /**
     * The doorbell's value. To be read before a poll: as long as the doorbell has this value, there is no commit that the
     * poll could not see.
     */
    public int listen() {
        requireOpen();
        return protocol.doorbell();
    }

    /** Announces a sleep on {@link #doorbell()} and returns its value. */
    public int prepareSleep() {
        requireOpen();
        return protocol.prepareSleep();
    }

    /** Takes the announcement back. */
    public void endSleep() {
        requireOpen();
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

    /** The words are not checked at each access, so nobody may come to them after {@link #close}. */
    private void requireOpen() {
        if (!protocol.isAttached()) {
            throw new IllegalStateException("the reader is closed: stream=" + header.spec().name());
        }
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
