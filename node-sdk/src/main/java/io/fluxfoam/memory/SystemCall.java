package io.fluxfoam.memory;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Linux system calls by {@code syscall(2)}. One function for all of them, and addresses as plain
 * numbers: to link a function is milliseconds of a node's start, and to link each call on its own
 * was a quarter of it. The caller keeps alive what an address points to. Thread-safe, and allocates
 * nothing.
 */
final class SystemCall {
    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");

    static final long OPENAT = ARM ? 56 : 257;
    static final long CLOSE = ARM ? 57 : 3;
    static final long FCNTL = ARM ? 25 : 72;
    static final long FALLOCATE = ARM ? 47 : 285;
    static final long MADVISE = ARM ? 233 : 28;
    static final long FUTEX = ARM ? 98 : 202;
    static final long FUTEX_WAITV = 449;
    static final long SETPRIORITY = ARM ? 140 : 141;
    static final long GETPRIORITY = ARM ? 141 : 140;

    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int ENOSPC = 28;
    static final int ELOOP = 40;
    static final int EOPNOTSUPP = 95;
    static final int ETIMEDOUT = 110;

    /** Flag of open(2) that the two architectures number differently. */
    static final long O_NOFOLLOW = ARM ? 0x8000 : 0x20000;

    /** Bytes of the {@code state} that a call leaves its errno in. */
    static final long STATE_BYTES = Linker.Option.captureStateLayout().byteSize();

    private static final MethodHandle SYSCALL = link();

    private SystemCall() {}

    @SuppressWarnings("restricted") // syscall(2), whose arguments are all of the size of a register
    private static MethodHandle link() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG),
                Linker.Option.firstVariadicArg(1),
                Linker.Option.captureCallState("errno"));
    }

    /**
     * Makes a call; of a result below 0 {@link #errno} tells the reason. Arguments that the call
     * does not have are 0.
     */
    static long call(
            MemorySegment state, long number, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) SYSCALL.invokeExact(state, number, a, b, c, d, e, f);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Reason of the last failure. */
    static int errno(MemorySegment state) {
        return state.get(ValueLayout.JAVA_INT, 0);
    }
}
