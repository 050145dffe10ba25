package io.fluxfoam.stream;

import static io.fluxfoam.stream.StreamDescriptor.*;

import io.fluxfoam.device.Device;
import io.fluxfoam.device.Payload;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.memory.Futex;
import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.memory.RawWords;
import io.fluxfoam.memory.Words;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * The one writer of a stream. Belongs to one thread. Claim, fill, commit: no call waits, locks, allocates, or makes a system
 * call, unless a reader sleeps and has to be woken.
 */
public final class StreamWriter implements AutoCloseable {
    private final StreamHeader header;
    private final StreamSpec spec;
    private final long[] maxShape;
    private final MappedFile control;
    private final Payload payload;
    private final Words words;
    private final MemorySegment doorbell;
    private final MemorySegment[] slots;
    private final PayloadChecksum checksum;
    private final StreamDescriptor layout;
    private final WriterProtocol protocol;
    private final CommitRate rate = new CommitRate();
    private final Claim claim = new Claim(this);
    private final long[] shape;
    private int slot = -1;
    private long payloadBytes;
    private long tag;
    private boolean isClosed;

    private StreamWriter(StreamHeader header, MappedFile control, Words words, Payload payload) {
        this.header = header;
        this.spec = header.spec();
        this.maxShape = spec.maxShape();
        this.shape = spec.maxShape();
        this.control = control;
        this.payload = payload;
        this.words = words;
        this.doorbell = control.segment().asSlice(DOORBELL_AT, 4);
        this.slots = Slots.slice(payload.segment(), header);
        this.checksum = spec.checksum() == Checksum.CRC32C ? new PayloadChecksum(slots) : null;
        this.layout = header.descriptor();
        this.protocol = new WriterProtocol(words, layout);
        words.set(RATE_AT, Double.doubleToRawLongBits(Double.NaN));
    }

    /**
     * Creates a stream of a node's incarnation. Payload first, then the control file under its own name: whoever finds the
     * control file finds all of the stream. If that fails, for example on a full device, nothing of it is left.
     */
    public static StreamWriter create(
            FoamDirectory foam, String node, long incarnation, StreamSpec spec, Device device) throws IOException {
        return create(foam, node, incarnation, spec, device, words -> words);
    }

    static StreamWriter create(
            FoamDirectory foam,
            String node,
            long incarnation,
            StreamSpec spec,
            Device device,
            UnaryOperator<Words> wrapper)
            throws IOException {
        String payloadName = FoamDirectory.fileName(node, incarnation, spec.name() + ".payload");
        StreamHeader header = StreamHeader.of(node, incarnation, spec, device.name(), payloadName);
        Path payloadPath = foam.path().resolve(payloadName);
        Payload payload = device.create(payloadPath, header.payloadBytes());
        try {
            return create(foam, header, payload, wrapper);
        } catch (IOException | RuntimeException | Error e) {
            payload.close();
            Files.deleteIfExists(payloadPath);
            throw e;
        }
    }

    private static StreamWriter create(
            FoamDirectory foam, StreamHeader header, Payload payload, UnaryOperator<Words> wrapper)
            throws IOException {
        Path path = foam.file(header.node(), header.incarnation(), header.spec().name() + ".control");
        Path unfinished = path.resolveSibling("." + path.getFileName());
        MappedFile control = MappedFile.create(unfinished, header.descriptor().controlBytes());
        try {
            header.write(control.segment());
            Words words = wrapper.apply(new RawWords(control.populate().segment()));
            StreamWriter writer = new StreamWriter(header, control, words, payload);
            Files.move(unfinished, path);
            return writer;
        } catch (IOException | RuntimeException | Error e) {
            control.close();
            Files.deleteIfExists(unfinished);
            throw e;
        }
    }

    /** Takes the slot written longest ago that nobody reads. */
    public Claim claim() {
        requireOpen();
        if (slot >= 0) {
            throw new IllegalStateException("a claim is open already: stream=" + spec.name());
        }
        int taken = protocol.take();
        if (taken < 0) {
            throw new IllegalStateException("no slot is free: stream=" + spec.name() + " slots=" + spec.slots());
        }
        slot = taken;
        payloadBytes = spec.slotBytes();
        tag = 0;
        System.arraycopy(maxShape, 0, shape, 0, shape.length);
        return claim.begin(slots[taken]);
    }

    void shape(long... newShape) {
        boolean fits = newShape.length == shape.length;
        long elements = 1;
        for (int i = 0; fits && i < newShape.length; i++) {
            fits = newShape[i] >= 0 && newShape[i] <= maxShape[i];
            elements *= newShape[i];
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    "shape does not fit the stream: stream=" + spec.name() + " shape=" + Arrays.toString(newShape)
                            + " maxShape=" + Arrays.toString(maxShape));
        }
        System.arraycopy(newShape, 0, shape, 0, shape.length);
        payloadBytes = elements * spec.dtype().bytes();
    }

    void tag(long newTag) {
        tag = newTag;
    }

    long commit(long frameNumber, long captureNs) {
        long at = layout.slot(slot);
        words.set(at + FRAME_IN_SLOT, frameNumber);
        words.set(at + CAPTURED_IN_SLOT, captureNs);
        words.set(at + TAG_IN_SLOT, tag);
        words.set(at + BYTES_IN_SLOT, payloadBytes);
        words.setInt(at + RANK_IN_SLOT, shape.length);
        for (int i = 0; i < shape.length; i++) {
            words.set(at + SHAPE_IN_SLOT + 8L * i, shape[i]);
        }
        words.setInt(at + CHECKSUM_IN_SLOT, checksum == null ? 0 : checksum.of(slot, payloadBytes));
        words.set(at + PUBLISHED_IN_SLOT, System.nanoTime());
        long sequence = protocol.publish(slot);
        slot = -1;
        if (protocol.ring()) {
            Futex.wakeAll(doorbell);
        }
        return sequence;
    }

    void abort() {
        slot = -1;
        words.set(ABORTED_AT, words.get(ABORTED_AT) + 1);
    }

    /** Frees the lanes and leases of dead readers; returns how many. For the control plane, some times a second. */
    public int reclaim(LaneOwners owners) {
        requireOpen();
        return protocol.reclaim(owners);
    }

    /** Keeps the stream's rate in its control file up to date. For the control plane, some times a second. */
    public void updateRate(long nowNs) {
        requireOpen();
        words.setRelease(RATE_AT, Double.doubleToRawLongBits(rate.update(nowNs, protocol.sequence())));
    }

    /** Stream name. */
    public String name() {
        return spec.name();
    }

    /** The constant facts of the stream. */
    public StreamHeader header() {
        return header;
    }

    /** Sequence of the newest commit, 0 before the first. */
    public long sequence() {
        return protocol.sequence();
    }

    /** The words are not checked at each access, so nobody may come to them after {@link #close}. */
    private void requireOpen() {
        if (isClosed) {
            throw new IllegalStateException("the stream is closed: stream=" + spec.name());
        }
    }

    /** Gives up an open claim, unmaps the stream and leaves its files. */
    @Override
    public void close() {
        claim.close();
        isClosed = true;
        control.close();
        payload.close();
    }

    /** Removes the stream's files. Who has them mapped keeps them, the writer itself until it closes. */
    public void remove() throws IOException {
        Files.deleteIfExists(control.path().resolveSibling(controlName()));
        Files.deleteIfExists(control.path().resolveSibling(header.payloadFile()));
    }

    private String controlName() {
        return FoamDirectory.fileName(header.node(), header.incarnation(), spec.name() + ".control");
    }
}
