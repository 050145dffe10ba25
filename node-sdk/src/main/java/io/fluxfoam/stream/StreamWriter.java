package io.fluxfoam.stream;

import static io.fluxfoam.stream.StreamDescriptor.*;

import io.fluxfoam.device.Device;
import io.fluxfoam.device.DeviceMemory;
import io.fluxfoam.device.Fence;
import io.fluxfoam.device.Payload;
import io.fluxfoam.device.WorkQueue;
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
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * The one writer of a stream. Belongs to one thread. Claim, fill, commit: no call waits, locks,
 * allocates, or makes a system call, unless a reader sleeps and has to be woken. On a GPU a claim
 * waits for work of the writer's own, and only if more of its commits are in flight than {@code
 * slots - maxReaders - 2}.
 */
public final class StreamWriter implements AutoCloseable {
    private static final long ARRIVAL_TIMEOUT_NS = 30_000_000_000L;
    private static final long ARRIVAL_NAP_NS = 20_000;
    private static final int ARRIVAL_SPINS = 200;

    private final StreamHeader header;
    private final StreamSpec spec;
    private final long[] maxShape;
    private final MappedFile control;
    private final Words words;
    private final MemorySegment doorbell;
    private final WriterSlots slots;
    private final WorkQueue queue;
    private final Fence fence;
    private final StreamDescriptor layout;
    private final WriterProtocol protocol;
    private final CommitRate rate = new CommitRate();
    private final Claim claim = new Claim(this);
    private int slot = -1;
    private long payloadBytes;
    private boolean isChecksumKnown;
    private int knownChecksum;
    private long sentSequence;

    /**
     * A commit has failed behind its copy, so no arrival tells when the copy has read the staging
     * buffer.
     */
    private boolean isCopyUnstamped;

    private boolean isClosed;

    private StreamWriter(StreamHeader header, MappedFile control, Words words, Payload payload) {
        this.header = header;
        this.spec = header.spec();
        this.maxShape = spec.maxShape();
        this.control = control;
        this.words = words;
        this.doorbell = control.segment().asSlice(DOORBELL_AT, 4);
        this.slots = new WriterSlots(header, payload);
        this.queue = slots.queue();
        this.fence = queue.fence(control.segment(), words);
        this.layout = header.descriptor();
        this.protocol = new WriterProtocol(words, layout, fence);
        words.set(RATE_AT, Double.doubleToRawLongBits(Double.NaN));
    }

    /**
     * Creates a stream of a node's incarnation. Payload first, then the control file under its own
     * name: whoever finds the control file finds all of the stream. If that fails, for example on a
     * full device, nothing of it is left.
     */
    public static StreamWriter create(
            FoamDirectory foam, String node, long incarnation, StreamSpec spec, Device device)
            throws IOException {
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
        Path path =
                foam.file(header.node(), header.incarnation(), header.spec().name() + ".control");
        Path unfinished = path.resolveSibling("." + path.getFileName());
        MappedFile control = MappedFile.create(unfinished, header.descriptor().controlBytes());
        try {
            header.write(control.segment());
            Words words = wrapper.apply(new RawWords(control.populate().segment()));
            StreamWriter writer = new StreamWriter(header, control, words, payload);
            writer.appear(unfinished, path);
            return writer;
        } catch (IOException | RuntimeException | Error e) {
            control.close();
            Files.deleteIfExists(unfinished);
            throw e;
        }
    }

    private void appear(Path unfinished, Path path) throws IOException {
        try {
            Files.move(unfinished, path);
        } catch (IOException | RuntimeException | Error e) {
            fence.close(); // before the words are unmapped
            throw e;
        }
    }

    /**
     * Takes the next slot in the ring that nobody reads.
     *
     * @throws IllegalStateException if a GPU has not finished what the writer queued long before
     */
    public Claim claim() {
        requireOpen();
        if (slot >= 0) {
            throw new IllegalStateException("a claim is open already: stream=" + spec.name());
        }
        protocol.announce();
        awaitArrivals(spec.slots() - spec.maxReaders() - 2);
        int taken = protocol.take();
        if (taken < 0) {
            throw new IllegalStateException(
                    "no slot is free: stream="
                            + spec.name()
                            + " slots="
                            + spec.slots()
                            + " inFlight="
                            + protocol.inFlight());
        }
        describe(layout.slot(taken));
        slot = taken;
        return claim.begin(taken);
    }

    /**
     * Nobody reads the header of a withdrawn slot, so all of it that is known by now is written now
     * and not at the commit.
     */
    private void describe(long at) {
        isChecksumKnown = false;
        words.set(at + TAG_IN_SLOT, 0);
        words.set(at + PUBLISHED_IN_SLOT, 0);
        words.setInt(at + RANK_IN_SLOT, maxShape.length);
        for (int i = 0; i < maxShape.length; i++) {
            words.set(at + SHAPE_IN_SLOT + 8L * i, maxShape[i]);
        }
        payloadBytes = spec.slotBytes();
        words.set(at + BYTES_IN_SLOT, payloadBytes);
    }

    /**
     * Waits until at most this many of our commits are in flight; at once on the host, where none
     * ever is.
     */
    private void awaitArrivals(int most) {
        long deadlineNs = 0;
        for (int turn = 0; protocol.inFlight() > most; turn++) {
            if (turn < ARRIVAL_SPINS) {
                Thread.onSpinWait();
                continue;
            }
            long nowNs = System.nanoTime();
            deadlineNs = deadlineNs == 0 ? nowNs + ARRIVAL_TIMEOUT_NS : deadlineNs;
            if (nowNs - deadlineNs > 0) {
                throw new IllegalStateException(
                        "commits do not arrive: stream="
                                + spec.name()
                                + " inFlight="
                                + protocol.inFlight()
                                + " timeoutNs="
                                + ARRIVAL_TIMEOUT_NS
                                + " device="
                                + header.device());
            }
            queue.isIdle(); // throws if the device has failed
            LockSupport.parkNanos(ARRIVAL_NAP_NS);
        }
    }

    MemorySegment segment(int claimed) {
        if (slots.needsStaging()) {
            if (isCopyUnstamped) {
                queue.await(ARRIVAL_TIMEOUT_NS);
                isCopyUnstamped = false;
            }
            awaitArrivals(
                    (int)
                            (protocol.sequence()
                                    - sentSequence)); // the buffer's last content has been sent
        }
        return slots.segment(claimed);
    }

    DeviceMemory memory(int claimed) {
        if (slots.needsStaging() && spec.checksum() != Checksum.NONE) {
            throw new IllegalStateException(
                    "a GPU cannot fill a stream with a checksum: stream="
                            + spec.name()
                            + " checksum="
                            + spec.checksum()
                            + " wanted=NONE");
        }
        return slots.memory(claimed);
    }

    void shape(long... newShape) {
        boolean fits = newShape.length == maxShape.length;
        long elements = 1;
        for (int i = 0; fits && i < newShape.length; i++) {
            fits = newShape[i] >= 0 && newShape[i] <= maxShape[i];
            elements *= newShape[i];
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    "shape does not fit the stream: stream="
                            + spec.name()
                            + " shape="
                            + Arrays.toString(newShape)
                            + " maxShape="
                            + Arrays.toString(maxShape));
        }
        long at = layout.slot(slot);
        for (int i = 0; i < newShape.length; i++) {
            words.set(at + SHAPE_IN_SLOT + 8L * i, newShape[i]);
        }
        payloadBytes = elements * spec.dtype().bytes();
        words.set(at + BYTES_IN_SLOT, payloadBytes);
    }

    void tag(long newTag) {
        words.set(layout.slot(slot) + TAG_IN_SLOT, newTag);
    }

    void checksum(int crc32c) {
        isChecksumKnown = spec.checksum() == Checksum.CRC32C;
        knownChecksum = crc32c;
    }

    /**
     * If the device refuses to queue it the claim is over, the slot is free again, and the error is
     * the caller's.
     */
    long commit(long frameNumber, long captureNs) {
        long sequence;
        try {
            long at = layout.slot(slot);
            words.set(at + FRAME_IN_SLOT, frameNumber);
            words.set(at + CAPTURED_IN_SLOT, captureNs);
            words.setInt(
                    at + CHECKSUM_IN_SLOT,
                    isChecksumKnown ? knownChecksum : slots.checksum(slot, payloadBytes));
            sequence = publish();
        } catch (RuntimeException | Error e) {
            abort();
            throw e;
        }
        slot = -1;
        if (protocol.ring()) {
            Futex.wakeAll(doorbell);
        }
        return sequence;
    }

    private long publish() {
        boolean sent = slots.send(slot, payloadBytes);
        isCopyUnstamped |= sent;
        long sequence = protocol.publish(slot);
        // Reading the clock takes longer than all the rest: readers need not wait for it.
        words.setRelease(layout.slot(slot) + PUBLISHED_IN_SLOT, System.nanoTime());
        if (sent) {
            sentSequence = sequence;
            isCopyUnstamped = false;
        }
        return sequence;
    }

    void abort() {
        slot = -1;
        slots.abort();
        words.set(ABORTED_AT, words.get(ABORTED_AT) + 1);
    }

    /**
     * Frees the lanes and leases of dead readers; returns how many. For the control plane, some
     * times a second.
     */
    public int reclaim(LaneOwners owners) {
        requireOpen();
        return protocol.reclaim(owners);
    }

    /** Told of a reader's lane. */
    public interface LaneVisitor {
        /**
         * A lane in use.
         *
         * @param owner {@link io.fluxfoam.liveness.OwnerKey} of the reader
         * @param sequence commit that it leased last, 0 if none yet
         */
        void lane(int lane, long owner, long sequence);
    }

    /**
     * Shows who reads and how far each reader is. For a writer that does not want to outrun its
     * readers; no other has to know.
     */
    public void visitLanes(LaneVisitor visitor) {
        requireOpen();
        protocol.visitLanes(visitor);
    }

    /**
     * Keeps the stream's rate in its control file up to date. For the control plane, some times a
     * second.
     */
    public void updateRate(long nowNs) {
        requireOpen();
        words.setRelease(
                RATE_AT, Double.doubleToRawLongBits(rate.update(nowNs, protocol.sequence())));
    }

    public String name() {
        return spec.name();
    }

    /** The constant facts of the stream. */
    public StreamHeader header() {
        return header;
    }

    /** The work that commits come behind: the queue of the thread that created the stream. */
    public WorkQueue queue() {
        return queue;
    }

    /** Commits whose work is not done yet; always 0 on the host. */
    public int inFlight() {
        requireOpen();
        return protocol.inFlight();
    }

    /** Bytes that were copied from the CPU to the stream's device; always 0 on the host. */
    public long copiedBytes() {
        return slots.copiedBytes();
    }

    /** Sequence of the newest commit, 0 before the first. */
    public long sequence() {
        return protocol.sequence();
    }

    /**
     * The words are not checked at each access, so nobody may come to them after {@link #close}.
     */
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
        fence.close();
        control.close();
        slots.close();
    }

    /**
     * Removes the stream's files. Who has them mapped keeps them, the writer itself until it
     * closes.
     */
    public void remove() throws IOException {
        Files.deleteIfExists(control.path().resolveSibling(controlName()));
        Files.deleteIfExists(control.path().resolveSibling(header.payloadFile()));
    }

    private String controlName() {
        return FoamDirectory.fileName(
                header.node(), header.incarnation(), spec.name() + ".control");
    }
}
