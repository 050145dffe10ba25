package io.fluxfoam.tape;

import io.fluxfoam.journal.JournalEntry;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.ManifestJson;
import io.fluxfoam.manifest.StreamCard;
import io.fluxfoam.memory.Posix;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.tape.McapReader.Step;
import io.fluxfoam.tensor.Shape;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Writes a tape: files of bounded size in a directory of their own. Whatever ends it, a kill in the
 * middle of a write or a full device, all that was written whole can be read; the next one finishes
 * a file that was cut and goes on in a new one. Belongs to one thread.
 */
public final class TapeWriter implements AutoCloseable {
    private static final int MAX_MESSAGES = 50_000;
    private static final int MAX_FACT = 200;

    /** More than a message has beside its data, the declaration of its channel included. */
    private static final int MARGIN_BYTES = 2_048;

    private final TapeDirectory directory;
    private final int lock;
    private final TapeState state;
    private final long foamCreatedMillis;
    private final long limitBytes;
    private final long fileBytes;
    private final long monotonicToWallNs;
    private final long session;
    private final Map<String, Integer> channels = new HashMap<>();
    private final ByteBuffer head =
            ByteBuffer.allocateDirect(TapeLayout.SHAPE_AT + 8 * Shape.MAX_RANK)
                    .order(ByteOrder.LITTLE_ENDIAN);
    private @Nullable McapWriter file;
    private int nextChannel;
    private boolean hasTensorSchema;
    private long closedBytes;
    private long lastLogNs;

    /**
     * How much it writes.
     *
     * @param limitBytes of all files together, with those of earlier recorders
     * @param fileBytes of one file, unless a single tensor is larger
     */
    public record Bounds(long limitBytes, long fileBytes) {
        /** As much as the device takes, 256 MiB in a file. */
        public static final Bounds NONE = new Bounds(Long.MAX_VALUE, 256L << 20);

        /** With this limit. */
        public Bounds limit(long bytes) {
            return new Bounds(bytes, fileBytes);
        }
    }

    private TapeWriter(
            TapeDirectory directory, int lock, TapeState state, long created, Bounds bounds)
            throws IOException {
        this.directory = directory;
        this.lock = lock;
        this.state = state;
        this.foamCreatedMillis = created;
        this.session = state.session() + 1;
        this.limitBytes = bounds.limitBytes();
        this.fileBytes = bounds.fileBytes();
        this.monotonicToWallNs = System.currentTimeMillis() * 1_000_000 - System.nanoTime();
        this.lastLogNs = state.wallNs();
        for (Path done : directory.files()) {
            closedBytes += Files.size(done);
        }
    }

    /**
     * Opens the tape in this directory, created if need be, to go on behind what is there.
     *
     * @param foamCreatedMillis when the foam was created that is recorded: a tape is of one foam
     * @param notices told in one line of each file that was cut, and is finished now
     * @throws IOException if another recorder writes it, or it is of another foam
     */
    public static TapeWriter open(
            Path directory, long foamCreatedMillis, Bounds bounds, Consumer<String> notices)
            throws IOException {
        TapeDirectory tape = new TapeDirectory(directory);
        int lock = tape.lock();
        try {
            TapeState state = new TapeState();
            for (Path file : tape.files()) {
                take(file, state, notices);
            }
            if (state.session() > 0 && state.foamCreatedMillis() != foamCreatedMillis) {
                throw new IOException(
                        "the tape is of another foam, name another directory: path="
                                + tape.path()
                                + " foamCreatedMillis="
                                + state.foamCreatedMillis()
                                + " thisFoam="
                                + foamCreatedMillis);
            }
            return new TapeWriter(tape, lock, state, foamCreatedMillis, bounds);
        } catch (IOException | RuntimeException | Error e) {
            Posix.close(lock);
            throw e;
        }
    }

    private static void take(Path file, TapeState state, Consumer<String> notices)
            throws IOException {
        boolean isFinished;
        try (McapReader probe = new McapReader(file, TapeLayout.head(), true)) {
            isFinished = probe.isFinished();
        }
        try (McapReader reader = new McapReader(file, TapeLayout.head(), isFinished)) {
            Step step = reader.next();
            for (; step == Step.MESSAGE || step == Step.DAMAGED; step = reader.next()) {
                if (step == Step.MESSAGE) {
                    TapeDecoder.decode(reader).ifPresent(state::take);
                }
            }
            if (!isFinished) {
                reader.trouble(step).ifPresent(line -> notices.accept(line + "; finished now"));
                finish(file, reader);
            }
        }
    }

    /** One that was cut in its first bytes holds nothing. */
    private static void finish(Path file, McapReader reader) throws IOException {
        if (reader.at() == 0) {
            Files.delete(file);
            return;
        }
        try (McapWriter writer = McapWriter.reopen(file, reader.summary(), reader.at())) {
            writer.finish();
        }
    }

    /** What is on it so far. */
    public TapeState state() {
        return state;
    }

    /** Writes that an incarnation has joined; false if the limit is reached. */
    public boolean joined(Manifest manifest) throws IOException {
        boolean isWritten = write(TapeLayout.MANIFESTS, ManifestJson.encode(manifest));
        if (isWritten) {
            state.take(new TapeEntry.Joined(lastLogNs, manifest));
        }
        return isWritten;
    }

    /** Writes that an incarnation has ended; false if the limit is reached. */
    public boolean ended(String node, long incarnation, boolean cleanly) throws IOException {
        boolean isWritten =
                write(TapeLayout.NODES, utf8(TapeLayout.ended(node, incarnation, cleanly)));
        if (isWritten) {
            state.take(new TapeEntry.Ended(lastLogNs, node, incarnation, cleanly));
        }
        return isWritten;
    }

    /** Writes a line of a journal; false if the limit is reached. */
    public boolean noted(JournalEntry line) throws IOException {
        return write(TapeLayout.JOURNALS, utf8(line.json()));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Writes a tensor, straight from the lease; false if the limit is reached. Its incarnation has
     * joined before.
     */
    public boolean tensor(String node, StreamCard card, Lease lease) throws IOException {
        MemorySegment payload = lease.payload();
        if (!begin(payload.byteSize())) {
            return false;
        }
        String target = node + "/" + card.name();
        byte[] declared = new byte[0];
        Integer channel = channels.get(target + "." + lease.incarnation());
        if (channel == null) {
            channel = nextChannel++;
            channels.put(target + "." + lease.incarnation(), channel);
            declared = declare(channel, node, target, card, lease.incarnation());
        }
        int rank = lease.rank();
        head.clear();
        head.putInt(TapeLayout.SHAPE_AT + 8 * rank).putInt(rank).putLong(lease.sequence());
        head.putLong(lease.frameNumber()).putLong(lease.captureNs());
        head.putLong(lease.publishNs()).putLong(lease.tag());
        for (int i = 0; i < rank; i++) {
            head.putLong(lease.dim(i));
        }
        long logNs = logNs();
        long publishNs = lease.publishNs() == 0 ? logNs : lease.publishNs() + monotonicToWallNs;
        open().message(declared, channel, lease.sequence(), logNs, publishNs, head.flip(), payload);
        state.wrote(target, lease.incarnation(), lease.sequence());
        return true;
    }

    private byte[] declare(
            int channel, String node, String target, StreamCard card, long incarnation)
            throws IOException {
        String shape = Arrays.toString(card.maxShape());
        Map<String, String> facts =
                Map.of(
                        TapeLayout.NODE_FACT,
                        node,
                        TapeLayout.STREAM_FACT,
                        card.name(),
                        TapeLayout.INCARNATION_FACT,
                        Long.toString(incarnation),
                        "dtype",
                        card.dtype().name(),
                        "maxShape",
                        shape.substring(0, Math.min(MAX_FACT, shape.length())),
                        "checksum",
                        card.checksum());
        byte[] schema = hasTensorSchema ? new byte[0] : TapeLayout.schema(true).toByteArray();
        hasTensorSchema = true;
        return open().declare(
                        schema,
                        TapeLayout.tensors(channel, target, new TreeMap<>(facts)).toByteArray());
    }

    private boolean write(int channel, byte[] text) throws IOException {
        if (!begin(text.length)) {
            return false;
        }
        put(channel, text);
        return true;
    }

    private void put(int channel, byte[] text) throws IOException {
        McapWriter writer = open();
        byte[] declared = new byte[0];
        if (channels.putIfAbsent(Integer.toString(channel), channel) == null) {
            byte[] schema =
                    channel == TapeLayout.TAPE
                            ? TapeLayout.schema(false).toByteArray()
                            : new byte[0];
            declared = writer.declare(schema, TapeLayout.channel(channel).toByteArray());
        }
        long logNs = logNs();
        ByteBuffer data = ByteBuffer.wrap(text);
        writer.message(
                declared, channel, writer.messages(), logNs, logNs, data, MemorySegment.NULL);
    }

    /** Never earlier than what was written before, whatever is done to the wall clock. */
    private long logNs() {
        lastLogNs = Math.max(lastLogNs, System.nanoTime() + monotonicToWallNs);
        return lastLogNs;
    }

    private McapWriter open() {
        if (file == null) {
            throw new IllegalStateException("no file is open: path=" + directory.path());
        }
        return file;
    }

    /** Makes a file ready that has room for a message of so many bytes; false at the limit. */
    private boolean begin(long dataBytes) throws IOException {
        long needed = dataBytes + MARGIN_BYTES;
        boolean isFull =
                file != null
                        && file.messages() > 0
                        && (file.bytes() + needed > fileBytes
                                || file.messages() >= MAX_MESSAGES
                                || nextChannel > TapeLayout.MAX_CHANNEL);
        if (isFull) {
            finish();
        }
        if (file != null) {
            return !isOver(file.finishedBytes() + needed);
        }
        needed += MARGIN_BYTES;
        for (Manifest manifest : state.living()) {
            needed += ManifestJson.encode(manifest).length + MARGIN_BYTES;
        }
        if (isOver(needed)) {
            return false;
        }
        beginFile();
        return true;
    }

    private boolean isOver(long moreBytes) {
        return moreBytes > limitBytes - closedBytes;
    }

    private void beginFile() throws IOException {
        file = McapWriter.create(directory.next(), TapeLayout.head());
        channels.clear();
        nextChannel = TapeLayout.FIRST_TENSORS;
        hasTensorSchema = false;
        put(TapeLayout.TAPE, utf8(TapeLayout.session(foamCreatedMillis, session)));
        for (Manifest manifest : state.living()) {
            put(TapeLayout.MANIFESTS, ManifestJson.encode(manifest));
        }
    }

    private void finish() throws IOException {
        McapWriter done = file;
        if (done != null) {
            file = null;
            try (done) {
                done.finish();
            } finally {
                closedBytes += done.finishedBytes();
            }
        }
    }

    /** Bytes of all its files. */
    public long bytes() {
        return closedBytes + (file == null ? 0 : file.bytes());
    }

    /** Finishes the file that is being written, and leaves the tape to others. */
    @Override
    public void close() throws IOException {
        try {
            finish();
        } finally {
            Posix.close(lock);
        }
    }
}
