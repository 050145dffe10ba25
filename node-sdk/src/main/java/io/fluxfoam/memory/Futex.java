package io.fluxfoam.memory;

import static io.fluxfoam.memory.SystemCall.*;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.LockSupport;

/**
 * Sleeping on 32-bit words of shared memory until another process changes them (Linux {@code futex}
 * and {@code futex_waitv}). Every sleep is bounded. One {@link Waiter} belongs to one thread.
 */
public final class Futex {
    private static final long FUTEX_WAKE = 1;
    private static final long FUTEX_32_SHARED = 2;
    private static final long CLOCK_MONOTONIC = 1;
    private static final int WAITV_BYTES = 24;
    private static final long FALLBACK_SLEEP_NS = 200_000;

    /** Where the outcome of a wake goes, which is of no consequence. */
    private static final MemorySegment IGNORED_STATE =
            Arena.global().allocate(STATE_BYTES, Integer.BYTES);

    private Futex() {}

    /** Wakes every process and thread that sleeps on the word. */
    public static void wakeAll(MemorySegment word) {
        call(IGNORED_STATE, FUTEX, word.address(), FUTEX_WAKE, Integer.MAX_VALUE, 0, 0, 0);
    }

    /** Sleeps on several words at once. Not thread-safe; preallocated, a wait allocates nothing. */
    public static final class Waiter implements AutoCloseable {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment vector;
        private final MemorySegment state = arena.allocate(STATE_BYTES, Integer.BYTES);
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

        /**
         * Adds a word and the value that it must still have for the sleep to begin; words beyond
         * the capacity are ignored.
         */
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

        /**
         * Sleeps until one of the words changes and is woken, or has changed already, or {@code
         * deadlineNs} has come.
         */
        public void await(long deadlineNs) {
            if (count == 0) {
                return;
            }
            timeout.set(ValueLayout.JAVA_LONG, 0, deadlineNs / 1_000_000_000L);
            timeout.set(ValueLayout.JAVA_LONG, 8, deadlineNs % 1_000_000_000L);
            long result =
                    call(
                            state,
                            FUTEX_WAITV,
                            vector.address(),
                            count,
                            0,
                            timeout.address(),
                            CLOCK_MONOTONIC,
                            0);
            if (result < 0 && !isAnswer(errno(state))) {
                LockSupport.parkNanos(Math.min(FALLBACK_SLEEP_NS, deadlineNs - System.nanoTime()));
            }
        }

        /**
         * Anything else is a refusal, of a kernel before 5.16 or of a sandbox: then the words are
         * polled.
         */
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
