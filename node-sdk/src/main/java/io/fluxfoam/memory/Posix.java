package io.fluxfoam.memory;

import static io.fluxfoam.memory.SystemCall.*;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The system calls that the JDK does not offer: open-file-description locks, real allocation of a
 * file, page population and termination signals. All calls are thread-safe; a failing call says its
 * name, its path and errno.
 *
 * <p>Open-file-description locks and not {@code FileChannel.lock}: a POSIX record lock is lost as
 * soon as the process closes any other descriptor of the same file, and probing it by trying to
 * take it makes the owner's own attempt fail.
 */
public final class Posix {
    private static final long AT_FDCWD = -100;
    private static final int O_RDONLY = 0;
    private static final int O_RDWR = 2;
    private static final int O_CREAT = 0x40;
    private static final int O_CLOEXEC = 0x80000;
    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;
    private static final int F_OFD_SETLKW = 38;
    private static final short F_WRLCK = 1;
    private static final short F_UNLCK = 2;
    private static final int MADV_POPULATE_READ = 22;
    private static final int MADV_POPULATE_WRITE = 23;

    /**
     * {@code struct flock} of 64-bit Linux: i16 type, i16 whence, 4 bytes unused, i64 start, i64
     * length, i32 pid.
     */
    private static final int FLOCK_BYTES = 32;

    private static final int ZEROS_BYTES = 1 << 16;

    private Posix() {}

    /** Links the system calls, which their first use would do else. */
    public static void link() {
        close(-1);
    }

    /**
     * Opens (and creates with mode 0600 if asked) a file for reading and writing, closed on exec,
     * no symlink followed.
     */
    public static int open(Path path, boolean create) throws IOException {
        return open(path, O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0), 0600);
    }

    /** Opens a file for reading. */
    public static int openReadOnly(Path path) throws IOException {
        return open(path, O_RDONLY | O_CLOEXEC, 0);
    }

    private static int open(Path path, long flags, int mode) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE_BYTES, Integer.BYTES);
            long name = arena.allocateFrom(path.toString()).address();
            long fd = call(state, OPENAT, AT_FDCWD, name, flags | O_NOFOLLOW, mode, 0, 0);
            if (fd < 0) {
                throw openFailure(path, errno(state));
            }
            return (int) fd;
        }
    }

    private static IOException openFailure(Path path, int errno) {
        return switch (errno) {
            case ENOENT -> new NoSuchFileException(path.toString());
            case ELOOP -> LayoutException.refused("not a regular file", path, " (a symbolic link)");
            case ENOSPC -> new IOException("no space left: path=" + path);
            default -> new IOException("open failed: path=" + path + " errno=" + errno);
        };
    }

    /** Closes a descriptor; errors are of no consequence to the caller and ignored. */
    public static void close(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            call(arena.allocate(STATE_BYTES, Integer.BYTES), CLOSE, fd, 0, 0, 0, 0, 0);
        }
    }

    /**
     * Tries to take the exclusive open-file-description lock of a whole file. It is held until the
     * descriptor is closed or the process dies.
     *
     * @return false if somebody else holds it
     */
    public static boolean tryLock(int fd) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE_BYTES, Integer.BYTES);
            if (call(state, FCNTL, fd, F_OFD_SETLK, flock(arena).address(), 0, 0, 0) == 0) {
                return true;
            }
            int errno = errno(state);
            if (errno == EAGAIN || errno == EACCES) {
                return false;
            }
            throw new IOException("fcntl(F_OFD_SETLK) failed: fd=" + fd + " errno=" + errno);
        }
    }

    /**
     * The same, but waits until nobody else holds it: the kernel hands it over when its holder
     * closes the file, or dies. Nothing but the end of the process cuts the wait short.
     */
    public static void lock(int fd) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE_BYTES, Integer.BYTES);
            long address = flock(arena).address();
            while (call(state, FCNTL, fd, F_OFD_SETLKW, address, 0, 0, 0) != 0) {
                if (errno(state) != EINTR) {
                    throw new IOException(
                            "fcntl(F_OFD_SETLKW) failed: fd=" + fd + " errno=" + errno(state));
                }
            }
        }
    }

    /** Whether another open file description holds the lock; takes nothing itself. */
    public static boolean isLocked(int fd) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE_BYTES, Integer.BYTES);
            MemorySegment flock = flock(arena);
            if (call(state, FCNTL, fd, F_OFD_GETLK, flock.address(), 0, 0, 0) != 0) {
                throw new IOException(
                        "fcntl(F_OFD_GETLK) failed: fd=" + fd + " errno=" + errno(state));
            }
            return flock.get(ValueLayout.JAVA_SHORT, 0) != F_UNLCK;
        }
    }

    /**
     * Whether the path still names the file that the descriptor has open; false if it names another
     * one or none.
     */
    public static boolean isSameFile(int fd, Path path) throws IOException {
        Object opened =
                Files.readAttributes(Path.of("/proc/self/fd/" + fd), BasicFileAttributes.class)
                        .fileKey();
        try {
            return opened.equals(
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                            .fileKey());
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static MemorySegment flock(Arena arena) {
        MemorySegment flock = arena.allocate(FLOCK_BYTES, Long.BYTES);
        flock.set(ValueLayout.JAVA_SHORT, 0, F_WRLCK);
        return flock;
    }

    /**
     * Allocates the file's bytes for real, so that a full device is an error here and not a SIGBUS
     * at the first write.
     */
    static void allocate(Path path, long bytes) throws IOException {
        int fd = open(path, false);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE_BYTES, Integer.BYTES);
            long result;
            do { // kernels before 5.17 give a large allocation up at any signal
                result = call(state, FALLOCATE, fd, 0, 0, bytes, 0, 0);
            } while (result < 0 && errno(state) == EINTR);
            if (result == 0) {
                return;
            }
            switch (errno(state)) {
                case EOPNOTSUPP -> writeZeros(path, bytes);
                case ENOSPC ->
                        throw new IOException(
                                "no space left: path="
                                        + path
                                        + " bytes="
                                        + bytes
                                        + " free="
                                        + path.toFile().getUsableSpace());
                default ->
                        throw new IOException(
                                "fallocate failed: path="
                                        + path
                                        + " bytes="
                                        + bytes
                                        + " errno="
                                        + errno(state));
            }
        } finally {
            close(fd);
        }
    }

    /** For file systems that cannot allocate otherwise. */
    static void writeZeros(Path path, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.APPEND)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_BYTES);
            for (long left = bytes - channel.size(); left > 0; left = bytes - channel.size()) {
                channel.write(zeros.clear().limit((int) Math.min(left, ZEROS_BYTES)));
            }
        }
    }

    /**
     * Asks the kernel to map all pages now. A kernel that does not know the request leaves it to
     * the first touch.
     */
    static void populate(MemorySegment mapping, boolean forWriting) {
        try (Arena arena = Arena.ofConfined()) {
            int advice = forWriting ? MADV_POPULATE_WRITE : MADV_POPULATE_READ;
            MemorySegment state = arena.allocate(STATE_BYTES, Integer.BYTES);
            call(state, MADVISE, mapping.address(), mapping.byteSize(), advice, 0, 0, 0);
        }
    }
}
