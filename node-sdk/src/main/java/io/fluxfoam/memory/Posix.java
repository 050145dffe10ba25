package io.fluxfoam.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The system calls that the JDK does not offer: open-file-description locks, real allocation of a file, page population
 * and termination signals. All calls are thread-safe; a failing call says its name, its path and errno.
 *
 * <p>Open-file-description locks and not {@code FileChannel.lock}: a POSIX record lock is lost as soon as the process
 * closes any other descriptor of the same file, and probing it by trying to take it makes the owner's own attempt fail.
 */
public final class Posix {
    private static final int O_RDONLY = 0;
    private static final int O_RDWR = 2;
    private static final int O_CREAT = 0x40;
    private static final int O_NOFOLLOW = 0x20000;
    private static final int O_CLOEXEC = 0x80000;
    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;
    private static final short F_WRLCK = 1;
    private static final short F_UNLCK = 2;
    private static final int ENOENT = 2;
    private static final int ELOOP = 40;
    private static final int EAGAIN = 11;
    private static final int EACCES = 13;
    private static final int ENOSPC = 28;
    private static final int MADV_POPULATE_READ = 22;
    private static final int MADV_POPULATE_WRITE = 23;

    /** {@code struct flock} of 64-bit Linux. */
    private static final StructLayout FLOCK =
            MemoryLayout.structLayout(
                    ValueLayout.JAVA_SHORT.withName("type"),
                    ValueLayout.JAVA_SHORT.withName("whence"),
                    MemoryLayout.paddingLayout(4),
                    ValueLayout.JAVA_LONG.withName("start"),
                    ValueLayout.JAVA_LONG.withName("len"),
                    ValueLayout.JAVA_INT.withName("pid"),
                    MemoryLayout.paddingLayout(4));

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle OPEN =
            variadic("open", 2, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle FCNTL =
            variadic("fcntl", 2, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
    private static final MethodHandle CLOSE = fixed("close", ValueLayout.JAVA_INT);
    private static final MethodHandle FALLOCATE =
            fixed("posix_fallocate", ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
    private static final MethodHandle MADVISE =
            fixed("madvise", ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT);

    private Posix() {}

    @SuppressWarnings("restricted") // the C library's own functions, with the signatures of the manual pages
    private static MethodHandle variadic(String name, int firstVariadic, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments),
                Linker.Option.firstVariadicArg(firstVariadic),
                Linker.Option.captureCallState("errno"));
    }

    @SuppressWarnings("restricted") // as above
    private static MethodHandle fixed(String name, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments),
                Linker.Option.captureCallState("errno"));
    }

    /** Opens (and creates with mode 0600 if asked) a file for reading and writing, closed on exec, no symlink followed. */
    public static int open(Path path, boolean create) throws IOException {
        int flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC | (create ? O_CREAT : 0);
        return open(path, flags, 0600);
    }

    /** Opens a file for reading. */
    public static int openReadOnly(Path path) throws IOException {
        return open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0);
    }

    private static int open(Path path, int flags, int mode) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int fd = (int) OPEN.invokeExact(state, arena.allocateFrom(path.toString()), flags, mode);
            if (fd < 0) {
                throw openFailure(path, errno(state));
            }
            return fd;
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static IOException openFailure(Path path, int errno) {
        return switch (errno) {
            case ENOENT -> new NoSuchFileException(path.toString());
            case ELOOP -> new IOException("not a regular file: path=" + path + " (a symbolic link)");
            case ENOSPC -> new IOException("no space left: path=" + path);
            default -> new IOException("open failed: path=" + path + " errno=" + errno);
        };
    }

    /** Closes a descriptor; errors are of no consequence to the caller and ignored. */
    public static void close(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) CLOSE.invokeExact(arena.allocate(CALL_STATE), fd);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Tries to take the exclusive open-file-description lock of a whole file. It is held until the descriptor is closed
     * or the process dies.
     *
     * @return false if somebody else holds it
     */
    public static boolean tryLock(int fd) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) FCNTL.invokeExact(state, fd, F_OFD_SETLK, flock(arena));
            if (result == 0) {
                return true;
            }
            int errno = errno(state);
            if (errno == EAGAIN || errno == EACCES) {
                return false;
            }
            throw new IOException("fcntl(F_OFD_SETLK) failed: fd=" + fd + " errno=" + errno);
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Whether another open file description holds the lock; takes nothing itself. */
    public static boolean isLocked(int fd) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            MemorySegment flock = flock(arena);
            int result = (int) FCNTL.invokeExact(state, fd, F_OFD_GETLK, flock);
            if (result != 0) {
                throw new IOException("fcntl(F_OFD_GETLK) failed: fd=" + fd + " errno=" + errno(state));
            }
            return flock.get(ValueLayout.JAVA_SHORT, 0) != F_UNLCK;
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Whether the path still names the file that the descriptor has open; false if it names another one or none. */
    public static boolean isSameFile(int fd, Path path) throws IOException {
        Object opened = Files.readAttributes(Path.of("/proc/self/fd/" + fd), BasicFileAttributes.class).fileKey();
        try {
            return opened.equals(
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey());
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static MemorySegment flock(Arena arena) {
        MemorySegment flock = arena.allocate(FLOCK);
        flock.set(ValueLayout.JAVA_SHORT, 0, F_WRLCK);
        return flock;
    }

    /**
     * Allocates the file's bytes for real, so that a full device is an error here and not a SIGBUS at the first write.
     */
    static void allocate(Path path, long bytes) throws IOException {
        int fd = open(path, false);
        try (Arena arena = Arena.ofConfined()) {
            int error = (int) FALLOCATE.invokeExact(arena.allocate(CALL_STATE), fd, 0L, bytes);
            if (error == ENOSPC) {
                throw new IOException(
                        "no space left: path=" + path + " bytes=" + bytes + " free="
                                + path.toFile().getUsableSpace());
            }
            if (error != 0) {
                throw new IOException("posix_fallocate failed: path=" + path + " bytes=" + bytes + " errno=" + error);
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        } finally {
            close(fd);
        }
    }

    /** Asks the kernel to map all pages now. A kernel that does not know the request leaves it to the first touch. */
    static void populate(MemorySegment mapping, boolean forWriting) {
        try (Arena arena = Arena.ofConfined()) {
            int advice = forWriting ? MADV_POPULATE_WRITE : MADV_POPULATE_READ;
            int ignored = (int) MADVISE.invokeExact(arena.allocate(CALL_STATE), mapping, mapping.byteSize(), advice);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }
}
