package io.fluxfoam.student.checkpoint;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import io.fluxfoam.memory.AtomicFile;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * Keeps the newest checkpoint and the one before it in a directory. A file, little-endian but for
 * the description:
 *
 * <pre>{@code
 *  0  i64  magic "FOAMSTUD"
 *  8  i32  format version, 5; in 4 heads on the picture knew nothing of the whole of it, 2 did not
 *          say how wide the network is, 1 not whose targets it was taught with
 * 12  i32  bytes of the description
 * 16  i64  bytes of the blocks
 * 24  i32  CRC-32C of description and blocks
 * 28  i32  CRC-32C of the 28 bytes before
 * 32  description (see Checkpoint.describe), then the blocks of each group: values, first
 *     moments, second moments, buffers
 * }</pre>
 *
 * <p>Writing: the whole file under another name, to the disk; then {@code student.checkpoint}
 * becomes {@code student.checkpoint.previous}, if it is known to be whole; then the new one takes
 * its name. Whenever the writer dies, at least one whole checkpoint is there once a first one was,
 * and at most one interval is lost.
 */
public final class CheckpointStore {
    private static final long MAGIC = 0x44555453_4D414F46L;
    private static final int VERSION = 5;
    private static final int HEADER_BYTES = 32;
    private static final int MAX_DESCRIPTION_BYTES = 1 << 24;

    private final Path directory;
    private final Path current;
    private final Path previous;
    private boolean currentIsWhole;

    public CheckpointStore(Path directory) {
        this.directory = directory;
        current = directory.resolve("student.checkpoint");
        previous = directory.resolve("student.checkpoint.previous");
    }

    /**
     * Makes a state durable; when this returns, the next process finds it.
     *
     * @throws IOException if that cannot be, for example on a full device; what was saved before is
     *     still there
     */
    public void save(Checkpoint checkpoint) throws IOException {
        AtomicFile.prepare(current, file -> write(checkpoint, file));
        if (currentIsWhole) {
            Files.move(current, previous, ATOMIC_MOVE, REPLACE_EXISTING);
            currentIsWhole = false;
        }
        AtomicFile.commit(current);
        currentIsWhole = true;
    }

    private static void write(Checkpoint checkpoint, Path path) throws IOException {
        ByteBuffer description = ByteBuffer.wrap(checkpoint.describe());
        CRC32C crc = new CRC32C();
        crc.update(description.duplicate());
        long blockBytes = 0;
        for (MemorySegment block : checkpoint.blocks()) {
            crc.update(block.asByteBuffer());
            blockBytes += block.byteSize();
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            writeFully(file, header(description.remaining(), blockBytes, (int) crc.getValue()));
            writeFully(file, description);
            for (MemorySegment block : checkpoint.blocks()) {
                writeFully(file, block.asByteBuffer());
            }
        }
    }

    private static ByteBuffer header(int descriptionBytes, long blockBytes, int crc) {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(MAGIC)
                .putInt(VERSION)
                .putInt(descriptionBytes)
                .putLong(blockBytes)
                .putInt(crc);
        header.putInt(crcOf(header.array(), HEADER_BYTES - Integer.BYTES));
        return header.flip();
    }

    private static int crcOf(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static void writeFully(FileChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    public Path directory() {
        return directory;
    }

    /**
     * The newest whole checkpoint, or nothing if there is none.
     *
     * @param onDamage told of each file that is damaged
     * @throws IOException if a file is whole but of another program: it must not be overwritten
     *     unasked
     */
    public Optional<Checkpoint> load(Consumer<IOException> onDamage) throws IOException {
        currentIsWhole = false;
        for (Path path : new Path[] {current, previous}) {
            if (Files.exists(path)) {
                try {
                    Checkpoint checkpoint = read(path);
                    currentIsWhole = path.equals(current);
                    return Optional.of(checkpoint);
                } catch (DamagedException e) {
                    onDamage.accept(e);
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Reads a checkpoint that lies somewhere else.
     *
     * @throws IOException in one line, if it is none that is whole and of this version
     */
    public static Checkpoint read(Path path) throws IOException {
        return parse(path, Files.readAllBytes(path));
    }

    /**
     * Writes the newest whole checkpoint to another file, which is there as a whole or not at all;
     * a student that saves meanwhile is not disturbed.
     *
     * @param onDamage told of each file that is damaged
     * @return what was written; empty if there is nothing to write
     */
    public Optional<Checkpoint> copyTo(Path file, Consumer<IOException> onDamage)
            throws IOException {
        for (Path path : new Path[] {current, previous, current}) { // one may just be renamed
            try {
                byte[] bytes = Files.readAllBytes(path);
                Checkpoint checkpoint = parse(path, bytes);
                AtomicFile.replace(file, bytes);
                return Optional.of(checkpoint);
            } catch (NoSuchFileException e) {
                // the next one
            } catch (DamagedException e) {
                onDamage.accept(e);
            }
        }
        return Optional.empty();
    }

    private static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1;

        /** What it says may come from the file: it is cut, and made one line. */
        DamagedException(Path path, String what) {
            super(
                    "checkpoint is damaged: path="
                            + path
                            + " "
                            + what.substring(0, Math.min(300, what.length()))
                                    .replaceAll("\\p{Cntrl}", "?"));
        }
    }

    private static Checkpoint parse(Path path, byte[] bytes) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        require(
                path,
                file.remaining() >= HEADER_BYTES && file.getLong(0) == MAGIC,
                "no student checkpoint");
        int headerCrc = crcOf(file.array(), HEADER_BYTES - Integer.BYTES);
        require(path, headerCrc == file.getInt(HEADER_BYTES - Integer.BYTES), "header is damaged");
        if (file.getInt(8) != VERSION) {
            throw new IOException(
                    "checkpoint is too "
                            + (file.getInt(8) > VERSION ? "new" : "old")
                            + ": path="
                            + path
                            + " version="
                            + file.getInt(8)
                            + " known="
                            + VERSION);
        }
        int descriptionBytes = file.getInt(12);
        long blockBytes = file.getLong(16);
        require(
                path,
                descriptionBytes <= MAX_DESCRIPTION_BYTES
                        && HEADER_BYTES + descriptionBytes + blockBytes == file.capacity(),
                "cut off: bytes="
                        + file.capacity()
                        + " wanted="
                        + (HEADER_BYTES + descriptionBytes + blockBytes));
        CRC32C crc = new CRC32C();
        crc.update(file.array(), HEADER_BYTES, file.capacity() - HEADER_BYTES);
        require(path, (int) crc.getValue() == file.getInt(24), "checksum does not match");
        byte[] description = new byte[descriptionBytes];
        file.get(HEADER_BYTES, description);
        MemorySegment content =
                MemorySegment.ofArray(file.array()).asSlice(HEADER_BYTES + descriptionBytes);
        try {
            return Checkpoint.read(description, content);
        } catch (IOException e) {
            throw new DamagedException(path, e.getMessage());
        }
    }

    private static void require(Path path, boolean condition, String what) throws DamagedException {
        if (!condition) {
            throw new DamagedException(path, what);
        }
    }
}
