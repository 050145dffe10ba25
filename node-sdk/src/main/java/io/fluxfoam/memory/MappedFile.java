package io.fluxfoam.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A whole file mapped into memory. Created files have mode 0600 and all their bytes allocated;
 * opened files must be regular files of this user that nobody else may write. Closing unmaps and
 * may be done twice; afterwards every access through {@link #segment()} throws instead of crashing.
 */
public final class MappedFile implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rw-------");

    private final Path path;
    private final Arena arena;
    private final MemorySegment segment;

    private MappedFile(Path path, Arena arena, MemorySegment segment) {
        this.path = path;
        this.arena = arena;
        this.segment = segment;
    }

    /**
     * Creates a new file of zeros, allocated and mapped for writing. Fails if it exists or the
     * device is full.
     */
    public static MappedFile create(Path path, long bytes) throws IOException {
        if (bytes <= 0) {
            throw new IOException(
                    "cannot create an empty mapping: path=" + path + " bytes=" + bytes);
        }
        try (FileChannel channel =
                FileChannel.open(
                        path,
                        Set.of(
                                StandardOpenOption.CREATE_NEW,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            try {
                Posix.allocate(path, bytes);
                return map(path, channel, FileChannel.MapMode.READ_WRITE, bytes);
            } catch (IOException e) {
                Files.deleteIfExists(path);
                throw e;
            }
        }
    }

    /** Maps an existing file for reading and writing. */
    public static MappedFile openReadWrite(Path path) throws IOException {
        checkOwned(path);
        try (FileChannel channel =
                FileChannel.open(
                        path,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS)) {
            return map(path, channel, FileChannel.MapMode.READ_WRITE, size(path, channel));
        }
    }

    /** Maps an existing file so that a store through the mapping is impossible. */
    public static MappedFile openReadOnly(Path path) throws IOException {
        checkOwned(path);
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            return map(path, channel, FileChannel.MapMode.READ_ONLY, size(path, channel));
        }
    }

    private static long size(Path path, FileChannel channel) throws IOException {
        long bytes = channel.size();
        if (bytes == 0) {
            throw new LayoutException(LayoutException.Kind.BEING_CREATED, path, "bytes=0");
        }
        return bytes;
    }

    private static MappedFile map(
            Path path, FileChannel channel, FileChannel.MapMode mode, long bytes)
            throws IOException {
        Arena arena = Arena.ofShared();
        try {
            return new MappedFile(path, arena, channel.map(mode, 0, bytes, arena));
        } catch (IOException | RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /**
     * Refuses links, directories, files of another user and files that others may write.
     *
     * @throws LayoutException of kind REFUSED
     */
    public static void checkOwned(Path path) throws IOException {
        FileFacts file = FileFacts.of(path);
        if (!file.isRegularFile()) {
            throw LayoutException.refused("not a regular file", path, "");
        }
        if (!file.isOurs()) {
            throw LayoutException.refused(
                    "file of another user",
                    path,
                    " uid=" + file.uid() + " ours=" + UserId.current());
        }
        if ((file.mode() & 0022) != 0) {
            throw LayoutException.refused(
                    "file is writable by others",
                    path,
                    " mode=" + Integer.toOctalString(file.mode()));
        }
    }

    /** Grows an existing file to this size with real bytes of zero. */
    public static void allocate(Path path, long bytes) throws IOException {
        checkOwned(path);
        Posix.allocate(path, bytes);
    }

    /** Maps every page now instead of at its first touch. */
    public MappedFile populate() {
        Posix.populate(segment, !segment.isReadOnly());
        return this;
    }

    /** The bytes. Valid until {@link #close()}. */
    public MemorySegment segment() {
        return segment;
    }

    /** Size of the file in bytes. */
    public long bytes() {
        return segment.byteSize();
    }

    /** Where the file was when it was opened. */
    public Path path() {
        return path;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
