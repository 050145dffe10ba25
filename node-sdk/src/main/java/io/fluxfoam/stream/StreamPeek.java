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
import java.util.Optional;

/**
 * Looks at a stream's tensors by copying them, for tools. It takes no lane and no lease, so it
 * hinders nobody, leaves nothing behind however it ends, and works when all processes are dead. A
 * copy counts only if the slot held the same commit before and after it. Belongs to one thread.
 */
public final class StreamPeek implements AutoCloseable {
    /**
     * After this many copies that the writer overtook in one call, the caller is told that there is
     * none.
     */
    private static final int MAX_RACES = 16;

    /** As large as an array may be. */
    private static final long MAX_BYTES = Integer.MAX_VALUE - 8;

    private final Path path;
    private final StreamHeader header;
    private final StreamDescriptor layout;
    private final MappedFile control;
    private final Slots slots;
    private final SegmentWords words;

    private StreamPeek(Path path, StreamHeader header, MappedFile control, Payload payload) {
        this.path = path;
        this.header = header;
        this.layout = header.descriptor();
        this.control = control;
        this.slots = new Slots(header, payload);
        this.words = new SegmentWords(control.segment());
    }

    /**
     * A copied tensor with its slot's header.
     *
     * @param publishNs 0 if the writer had not noted it yet
     * @param bytes the payload, on the heap
     * @param intact whether the bytes have the checksum of their header; true if the stream has
     *     none
     */
    public record Copy(
            long sequence,
            long frameNumber,
            long captureNs,
            long publishNs,
            long tag,
            long[] shape,
            MemorySegment bytes,
            boolean intact) {}

    /** Opens the stream of this control file, read-only. */
    public static StreamPeek open(FoamDirectory foam, String controlFile) throws IOException {
        Path path = foam.path().resolve(controlFile);
        MappedFile control = MappedFile.openReadOnly(path);
        try {
            StreamHeader header = StreamHeader.read(path, control.segment());
            Path payloadFile = foam.path().resolve(header.payloadFile());
            Payload payload =
                    Device.openPayload(header.device(), payloadFile, header.payloadBytes());
            return new StreamPeek(path, header, control, payload);
        } catch (IOException | RuntimeException | Error e) {
            control.close();
            throw e;
        }
    }

    /** Constant facts of the stream. */
    public StreamHeader header() {
        return header;
    }

    /**
     * Copies the newest commit if it is newer than this sequence.
     *
     * @throws IOException if the slot's header makes no sense, or the tensor is larger than a copy
     *     can be, which is 2 GiB
     */
    public Optional<Copy> newerThan(long sequence) throws IOException {
        for (int race = 0; race < MAX_RACES; race++) {
            long stamp = words.getAcquire(LATEST_AT);
            if (Stamp.sequence(stamp) <= sequence) {
                return Optional.empty();
            }
            int slot = Stamp.slot(stamp);
            if (slot >= layout.slots()) {
                throw new LayoutException(
                        LayoutException.Kind.CORRUPT,
                        path,
                        "slot=" + slot + " slots=" + layout.slots());
            }
            Optional<Copy> copy = copy(stamp, slot, layout.slot(slot));
            if (copy.isPresent()) {
                return copy;
            }
        }
        return Optional.empty();
    }

    /** Copies the commit of this frame if a slot still holds it. */
    public Optional<Copy> ofFrame(long frameNumber) throws IOException {
        for (int slot = 0; slot < layout.slots(); slot++) {
            long at = layout.slot(slot);
            long stamp = words.getAcquire(at);
            boolean isCommit = stamp != Stamp.WITHDRAWN && stamp != Stamp.ORPHANED;
            if (isCommit && words.get(at + FRAME_IN_SLOT) == frameNumber) {
                Optional<Copy> copy =
                        copy(stamp, slot, at).filter(c -> c.frameNumber() == frameNumber);
                if (copy.isPresent()) {
                    return copy;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Copy> copy(long stamp, int slot, long at) throws IOException {
        if (words.getAcquire(at) != stamp) {
            return Optional.empty();
        }
        long bytes = words.get(at + BYTES_IN_SLOT);
        int rank = words.getInt(at + RANK_IN_SLOT);
        boolean possible =
                bytes >= 0 && bytes <= header.spec().slotBytes() && rank >= 0 && rank <= maxRank();
        boolean copyable = possible && bytes <= MAX_BYTES;
        MemorySegment copied = MemorySegment.ofArray(new byte[copyable ? (int) bytes : 0]);
        long[] shape = new long[possible ? rank : 0];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = words.get(at + SHAPE_IN_SLOT + 8L * i);
        }
        if (!slots.isOnHost()) {
            slots.fetch(slot, copied.byteSize());
        }
        MemorySegment.copy(slots.onHost(slot).segment(), 0, copied, 0, copied.byteSize());
        Copy copy =
                new Copy(
                        Stamp.sequence(stamp),
                        words.get(at + FRAME_IN_SLOT),
                        words.get(at + CAPTURED_IN_SLOT),
                        words.get(at + PUBLISHED_IN_SLOT),
                        words.get(at + TAG_IN_SLOT),
                        shape,
                        copied.asReadOnly(),
                        isIntact(copied, words.getInt(at + CHECKSUM_IN_SLOT)));
        words.fullFence();
        if (words.getAcquire(at) != stamp) {
            return Optional.empty();
        }
        if (!possible) {
            throw new LayoutException(
                    LayoutException.Kind.CORRUPT,
                    path,
                    "slot=" + slot + " payloadBytes=" + bytes + " rank=" + rank);
        }
        if (!copyable) {
            throw new IOException(
                    "tensor is too large to be copied: path="
                            + path
                            + " payloadBytes="
                            + bytes
                            + " most="
                            + MAX_BYTES);
        }
        return Optional.of(copy);
    }

    private boolean isIntact(MemorySegment copied, int expected) {
        return !slots.isChecked()
                || new PayloadChecksum(new MemorySegment[] {copied}).of(0, copied.byteSize())
                        == expected;
    }

    @Override
    public void close() {
        control.close();
        slots.close();
    }
}
