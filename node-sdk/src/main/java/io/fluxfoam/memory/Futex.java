package io.fluxfoam.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * Sleeping on 32-bit words of shared memory until another process changes them (Linux {@code futex} and {@code
 * futex_waitv}). Every sleep is bounded. One {@link Waiter} belongs to one thread.
 */
public final class Futex {
    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    private static final long SYS_FUTEX = ARM ? 98 : 202;
    private static final long SYS_FUTEX_WAITV = 449;
    private static final long FUTEX_WAKE = 1;
    private static final long FUTEX_32_SHARED = 2;
    private static final long CLOCK_MONOTONIC = 1;
    private static final int WAITV_BYTES = 24;

    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    private static final int ETIMEDOUT = 110;
    private static final long FALLBACK_SLEEP_NS = 200_000;

    private static final MethodHandle SYSCALL = link();
    private static final VarHandle ERRNO =
            Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MemorySegment IGNORED_STATE = Arena.global().allocate(Linker.Option.captureStateLayout());

    private Futex() {}

    @SuppressWarnings("restricted") // syscall(2) with the argument types of futex(2) and futex_waitv
    private static MethodHandle link() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG),
                Linker.Option.firstVariadicArg(1),
                Linker.Option.captureCallState("errno"));
    }

    /** Wakes every process and thread that sleeps on the word. */
    public static void wakeAll(MemorySegment word) {
        try {
            long ignored =
                    (long) SYSCALL.invokeExact(
                            IGNORED_STATE, SYS_FUTEX, word, FUTEX_WAKE, (long) Integer.MAX_VALUE, MemorySegment.NULL, 0L);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Sleeps on several words at once. Not thread-safe; preallocated, a wait allocates nothing. */
    public static final class Waiter implements AutoCloseable {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment vector;
        private final MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
        private final MemorySegment timeout = arena.allocate(16, 8);
        private final int capacity;
        private int count;

        /** A waiter for at most this many words (the kernel allows 128). */
        public Waiter(int capacity) {
            if (capacity < 1 || capacity > 128) {
                throw new IllegalArgumentException("capacity=" + capacity + " not in 1..128");
            }
            this.capacity = capacity;
            this.vector = arena.allocate((long) WAITV_BYTES * capacity, 8);
        }

        /** Forgets all words. */
        public void clear() {
            count = 0;
        }

        /** Whether no word has been added. */
        public boolean isEmpty() {
            return count == 0;
        }

        /** Adds a word and the value that it must still have for the sleep to begin; words beyond the capacity are ignored. */
        public void add(MemorySegment word, int expected) {
            if (count == capacity) {
                return;
            }
            long at = (long) WAITV_BYTES * count++;
            vector.set(ValueLayout.JAVA_LONG, at, Integer.toUnsignedLong(expected));
            vector.set(ValueLayout.JAVA_LONG, at + 8, word.address());
            vector.set(ValueLayout.JAVA_INT, at + 16, (int) FUTEX_32_SHARED);
            vector.set(ValueLayout.JAVA_INT, at + 20, 0);
        }

        /** Sleeps until one of the words changes and is woken, or has changed already, or {@code deadlineNs} has come. */
        public void await(long deadlineNs) {
            if (count == 0) {
                return;
            }
            timeout.set(ValueLayout.JAVA_LONG, 0, deadlineNs / 1_000_000_000L);
            timeout.set(ValueLayout.JAVA_LONG, 8, deadlineNs % 1_000_000_000L);
            try {
                long result =
                        (long)
                                SYSCALL.invokeExact(
                                        state, SYS_FUTEX_WAITV, vector, (long) count, 0L, timeout, CLOCK_MONOTONIC);
                if (result < 0 && !isAnswer((int) ERRNO.get(state, 0L))) {
                    LockSupport.parkNanos(Math.min(FALLBACK_SLEEP_NS, deadlineNs - System.nanoTime()));
                }
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }

        /** Anything else is a refusal, of a kernel before 5.16 or of a sandbox: then the words are polled. */
        private static boolean isAnswer(int errno) {
            return errno == EAGAIN || errno == EINTR || errno == ETIMEDOUT;
        }

        @Override
        public void close() {
            if (arena.scope().isAlive()) {
                arena.close();
            }
        }
    }
}
