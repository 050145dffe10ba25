package io.fluxfoam.stream;

import static io.fluxfoam.stream.StreamDescriptor.*;

import io.fluxfoam.device.Device;
import io.fluxfoam.device.DeviceException;
import io.fluxfoam.device.DeviceMemory;
import io.fluxfoam.device.Fence;
import io.fluxfoam.device.Payload;
import io.fluxfoam.device.WorkQueue;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.memory.Futex;
import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.memory.RawWords;
import io.fluxfoam.memory.Words;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * A reader of one incarnation of a stream. Belongs to one thread, holds one lane and at most one
 * lease. Polling allocates nothing, and closing frees the lane.
 */
public final class StreamReader implements AutoCloseable {
    private static final long CONFIRM_TIMEOUT_NS = 30_000_000_000L;

    /** How long to sleep for what a GPU ends, which rings no doorbell. */
    private static final long PENDING_NAP_NS = 100_000L;

    /** A day: a bound that no clock overflows with. */
    private static final long MAX_SLEEP_NS = 86_400_000_000_000L;

    private final StreamHeader header;
    private final Join join;
    private final ReadMode mode;
    private final MappedFile control;
    private final Words words;
    private final long[] maxShape;
    private final StreamDescriptor layout;
    private final MemorySegment doorbell;
    private final ReaderSlots slots;
    private final WorkQueue queue;
    private final Fence fence;
    private final ReaderProtocol protocol;
    private final Lease lease;
    private final boolean waitsOnGpu;
    private WaitGuard.@Nullable Watch watch;
    private Futex.@Nullable Waiter waiter;

    private StreamReader(
            StreamHeader header, Join join, MappedFile control, Words words, Payload payload) {
        this.header = header;
        this.join = join;
        this.mode = join.mode();
        this.control = control;
        this.words = words;
        this.maxShape = header.spec().maxShape();
        this.layout = header.descriptor();
        this.doorbell = control.segment().asSlice(DOORBELL_AT, 4);
        this.slots = new ReaderSlots(header, payload, join.device());
        this.queue = slots.queue();
        // A host reader of a GPU's stream has copied what it read when it says that it is done.
        this.fence = join.device().queue().fence(control.segment(), words);
        this.protocol = new ReaderProtocol(words, layout, join.owner(), fence, join.distance());
        this.lease = new Lease(this, words);
        boolean mayLeaseInFlight = join.waitMode() == WaitMode.GPU && join.distance() == 0;
        this.waitsOnGpu = mayLeaseInFlight && slots.isInPlace() && fence.canAwait();
    }

    /**
     * How to join a stream.
     *
     * @param owner {@link io.fluxfoam.liveness.OwnerKey} of the reader
     * @param owners tells dead readers, whose lanes may be taken
     * @param fromOldest whether to begin with the oldest commit that is still there
     * @param device where the reader works on what it reads
     * @param waitMode how it comes by commits that are in flight
     * @param distance how many commits it stays behind the newest one at least; the last ones of a
     *     stream that ends are then never read
     */
    public record Join(
            ReadMode mode,
            long owner,
            LaneOwners owners,
            boolean fromOldest,
            Device device,
            WaitMode waitMode,
            int distance) {
        /** Checks the distance; what the stream has room for is checked when it is opened. */
        public Join {
            if (distance < 0) {
                throw new IllegalArgumentException("distance=" + distance + " least=0");
            }
        }

        /** For a reader on the host. */
        public Join(ReadMode mode, long owner, LaneOwners owners, boolean fromOldest) {
            this(mode, owner, owners, fromOldest, Device.of(Device.HOST), WaitMode.POLL, 0);
        }

        /** Begins with the newest commit and steals no lanes. */
        public static Join newest(ReadMode mode, long owner) {
            return new Join(mode, owner, LaneOwners.IMMORTAL, false);
        }

        /** The same for a reader on this device. */
        public Join on(Device newDevice, WaitMode newWaitMode) {
            return new Join(mode, owner, owners, fromOldest, newDevice, newWaitMode, distance);
        }

        /** The same for a reader that stays at least this many slots behind the newest one. */
        public Join atLeastBehind(int slots) {
            return new Join(mode, owner, owners, fromOldest, device, waitMode, slots);
        }
    }

    /**
     * Joins a stream.
     *
     * @param controlFile name of the control file in the foam
     * @throws IOException if the file is corrupt or of another version, the payload's device cannot
     *     be reached from here or the reader's fails, the ring is too small for the distance, or
     *     all lanes belong to the living
     */
    public static StreamReader open(FoamDirectory foam, String controlFile, Join join)
            throws IOException {
        return open(foam, controlFile, join, words -> words);
    }

    static StreamReader open(
            FoamDirectory foam, String controlFile, Join join, UnaryOperator<Words> wrapper)
            throws IOException {
        if (controlFile.indexOf('/') >= 0) {
            throw new IOException(
                    "a control file lies in the foam itself: controlFile=" + controlFile);
        }
        Path path = foam.path().resolve(controlFile);
        MappedFile control = MappedFile.openReadWrite(path);
        try {
            return open(foam, path, control, join, wrapper);
        } catch (DeviceException e) {
            control.close();
            throw new IOException(
                    "a device failed: path="
                            + path
                            + " device="
                            + join.device().name()
                            + " "
                            + e.getMessage(),
                    e);
        } catch (IOException | RuntimeException | Error e) {
            control.close();
            throw e;
        }
    }

    private static StreamReader open(
            FoamDirectory foam,
            Path path,
            MappedFile control,
            Join join,
            UnaryOperator<Words> wrapper)
            throws IOException {
        StreamHeader header = StreamHeader.read(path, control.segment());
        requireRoom(header.spec(), join.distance(), path);
        Path payloadFile = foam.path().resolve(header.payloadFile());
        Payload payload = Device.openPayload(header.device(), payloadFile, header.payloadBytes());
        try {
            Words words = wrapper.apply(new RawWords(control.segment()));
            StreamReader reader = new StreamReader(header, join, control, words, payload);
            reader.attach(foam);
            return reader;
        } catch (IOException | RuntimeException | Error e) {
            payload.close();
            throw e;
        }
    }

    /**
     * The commits within the distance have slots though all lanes have leases and one slot is being
     * filled. (Still the writer may recycle one of them, which is then missed: if leases move on
     * just while it looks for an old slot, it passes more.)
     */
    private static void requireRoom(StreamSpec spec, int distance, Path path) throws IOException {
        int most = spec.slots() - spec.maxReaders() - 2;
        if (distance > most) {
            throw new IOException(
                    "too few slots to stay that far behind: path="
                            + path
                            + " distance="
                            + distance
                            + " most=slots-maxReaders-2="
                            + most);
        }
    }

    private void attach(FoamDirectory foam) throws IOException {
        try {
            if (waitsOnGpu) {
                watch = WaitGuard.watch(foam, header, protocol);
            }
            if (!protocol.attach(join.owners(), join.fromOldest())) {
                throw new IOException(
                        "too many readers: stream="
                                + header.node()
                                + "/"
                                + header.spec().name()
                                + " readers="
                                + (header.spec().maxReaders() + 1)
                                + " maxReaders="
                                + header.spec().maxReaders());
            }
        } catch (IOException | RuntimeException | Error e) {
            unmap();
            throw e;
        }
    }

    /**
     * Leases the next commit by the reader's mode; null if there is none. The lease before must be
     * closed.
     */
    public @Nullable Lease poll() {
        requireOpen();
        if (lease.isOpen()) {
            throw new IllegalStateException(
                    "a lease is open already: stream=" + header.spec().name());
        }
        endReleaseIfIdle();
        return waitsOnGpu || !protocol.isIdle() ? take() : null;
    }

    /**
     * A method of its own, so that it is compiled as one piece. A reader that spins finds nothing
     * ten thousand times for each commit; within that loop the compiler would inline none of the
     * calls below.
     */
    private @Nullable Lease take() {
        long stamp = waitsOnGpu ? leaseInFlightOrArrived() : leaseArrived();
        if (stamp == 0) {
            return null;
        }
        int slot = Stamp.slot(stamp);
        slots.begin();
        return lease.begin(stamp, layout.slot(slot), slots.inPlace(slot));
    }

    private long leaseArrived() {
        return mode == ReadMode.LATEST ? protocol.leaseNewest() : protocol.leaseNext();
    }

    private long leaseInFlightOrArrived() {
        long stamp;
        if (mode == ReadMode.LATEST) {
            stamp = protocol.leaseInFlight(true);
            stamp = stamp == 0 ? protocol.leaseNewest() : stamp;
        } else {
            stamp = protocol.leaseNext();
            stamp = stamp == 0 ? protocol.leaseInFlight(false) : stamp;
        }
        if (stamp != 0 && !protocol.hasArrived()) {
            fence.awaitAtLeast(layout.slot(Stamp.slot(stamp)), stamp);
        }
        return stamp;
    }

    MemorySegment segment(long stamp, long payloadBytes) {
        if (!protocol.hasArrived()) {
            throw new IllegalStateException(
                    "commit is in flight and not confirmed: stream="
                            + header.spec().name()
                            + " sequence="
                            + Stamp.sequence(stamp));
        }
        return slots.segment(Stamp.slot(stamp), payloadBytes);
    }

    DeviceMemory memory(long stamp, long payloadBytes) {
        return slots.memory(Stamp.slot(stamp), payloadBytes);
    }

    boolean isCopied() {
        return slots.isCopied();
    }

    /** Waits for the reader's own queue; the guard sees to it that this ends. */
    boolean confirm(long stamp) {
        if (!protocol.hasArrived()) {
            queue.await(CONFIRM_TIMEOUT_NS);
        }
        return protocol.confirm(stamp);
    }

    void release() {
        protocol.release();
    }

    boolean isIntact(int slot) {
        long at = layout.slot(slot);
        long payloadBytes = words.get(at + BYTES_IN_SLOT);
        return isPossible(at, payloadBytes)
                && slots.isIntact(slot, payloadBytes, words.getInt(at + CHECKSUM_IN_SLOT));
    }

    /**
     * Whether a slot's shape is one of the stream's and its bytes are as many as that shape has.
     */
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

    /** The queue in which the reader's work on what it leased is done. */
    public WorkQueue queue() {
        return queue;
    }

    /** Bytes that were copied from one device to another for this reader. */
    public long copiedBytes() {
        return slots.copiedBytes();
    }

    /** Whether the payload is in a GPU's memory. */
    public boolean isOnGpu() {
        return slots.isFromGpu();
    }

    /** Whether the last lease ends behind work that is not done. */
    public boolean isReleasing() {
        requireOpen();
        return protocol.isReleasing();
    }

    /**
     * Whether something will come soon without another ring of the doorbell: a commit is in flight,
     * or the last lease ends behind work that is not done.
     */
    public boolean isPending() {
        requireOpen();
        return slots.isFromGpu() && protocol.hasInFlight() || protocol.isReleasing();
    }

    /** Whether a lease is open. */
    public boolean isLeasing() {
        return lease.isOpen();
    }

    /**
     * Whether there is a commit after the last one leased that may be read. It can be leased when
     * {@link #isReleasing} is over.
     */
    public boolean hasNews() {
        requireOpen();
        return protocol.hasNews() || waitsOnGpu && protocol.hasInFlight();
    }

    /**
     * Sleeps in the kernel until there is something to lease, at most this long: it cannot sleep
     * through a commit, and the death of the writer ends no sleep but the bound does. The writer
     * pays a system call for a reader that sleeps. What a GPU has still to end rings no doorbell,
     * so for that it looks again and again. For one stream on a thread of the reader's own; the
     * duty cycle of a node sleeps on all of its streams at once.
     *
     * @return whether there is something to lease now
     */
    public boolean await(long timeoutNs) {
        long deadlineNs = System.nanoTime() + Math.min(timeoutNs, MAX_SLEEP_NS);
        int heard = prepareSleep();
        try {
            while (!isLeasable()) {
                long leftNs = deadlineNs - System.nanoTime();
                if (leftNs <= 0) {
                    return false;
                }
                waiter = waiter == null ? new Futex.Waiter(1) : waiter;
                waiter.clear();
                waiter.add(doorbell, heard);
                waiter.await(
                        isPending()
                                ? deadlineNs - leftNs + Math.min(leftNs, PENDING_NAP_NS)
                                : deadlineNs);
                heard = prepareSleep();
            }
            return true;
        } finally {
            endSleep();
        }
    }

    private boolean isLeasable() {
        endReleaseIfIdle();
        return hasNews() && !protocol.isReleasing();
    }

    /** Our GPU has said so, but a dead reader's, late, may have said something else over it. */
    private void endReleaseIfIdle() {
        if (protocol.isReleasing() && queue.isIdle()) {
            protocol.endRelease();
        }
    }

    /**
     * The doorbell's value. To be read before a poll: as long as the doorbell has this value, there
     * is no commit that the poll could not see.
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

    /**
     * Number of commits that came after the last one leased: how far behind the writer the reader
     * is.
     */
    public long behind() {
        requireOpen();
        return protocol.behind();
    }

    /** Sequence of the last commit leased, or the one after which the reader begins. */
    public long sequence() {
        return protocol.sequence();
    }

    /** The constant facts of the stream. */
    public StreamHeader header() {
        return header;
    }

    /**
     * The words are not checked at each access, so nobody may come to them after {@link #close}.
     */
    private void requireOpen() {
        if (!protocol.isAttached()) {
            throw new IllegalStateException("the reader is closed: stream=" + header.spec().name());
        }
    }

    @Override
    public void close() {
        if (protocol.isAttached()) {
            lease.close();
            // waits for the reader's work, so that nothing reads a slot whose lane is free
            fence.close();
            protocol.detach();
            unmap();
        }
    }

    private void unmap() {
        fence.close();
        if (watch != null) {
            watch.close();
        }
        if (waiter != null) {
            waiter.close();
        }
        control.close();
        slots.close();
    }
}
