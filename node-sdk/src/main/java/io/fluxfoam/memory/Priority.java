package io.fluxfoam.memory;

import static io.fluxfoam.memory.SystemCall.*;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How willingly this process lets others have the processor: nice(1) of all its threads, and of its
 * session if that is its own. Linux keeps it for each thread, and a new thread has that of the one
 * that started it.
 */
public final class Priority {
    private static final int LOWEST = 19;
    private static final int KERNEL_BASE = 20; // the system call returns 20 - nice

    private final int before;
    private final Optional<SessionShare> session;
    private boolean isLowered;

    private Priority(int before, Optional<SessionShare> session) {
        this.before = before;
        this.session = session;
    }

    /**
     * Gives all threads the lowest priority, unless the process may not raise it again: then
     * everything stays as it is.
     */
    public static Priority lower() {
        Priority priority = new Priority(niceOf(0), SessionShare.own());
        if (priority.isRaisable()) {
            priority.isLowered = true;
            setAll(LOWEST);
            priority.session.ifPresent(share -> share.set(LOWEST));
        }
        return priority;
    }

    /** Whether it was lowered, and not raised again. */
    public boolean isLowered() {
        return isLowered;
    }

    /** Gives all threads the priority that they had. */
    public void raise() {
        if (isLowered) {
            isLowered = false;
            setAll(before);
            session.ifPresent(SessionShare::restore);
        }
    }

    /** Tried by a thread of which nobody wants anything. */
    private boolean isRaisable() {
        AtomicBoolean isRaised = new AtomicBoolean();
        Thread probe =
                Thread.ofPlatform()
                        .name("foam-priority")
                        .start(() -> {
                            boolean isTried = before < LOWEST && set(0, before + 1);
                            isRaised.set(isTried && set(0, before));
                        });
        try {
            probe.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return isRaised.get();
    }

    /** Until no thread that was started meanwhile has another one. */
    private static void setAll(int nice) {
        boolean isAnotherOne = true;
        while (isAnotherOne) {
            isAnotherOne = false;
            String[] threads = new File("/proc/self/task").list();
            for (String thread : threads == null ? new String[0] : threads) {
                long id = Long.parseLong(thread);
                if (niceOf(id) != nice) {
                    isAnotherOne |= set(id, nice);
                }
            }
        }
    }

    private static int niceOf(long thread) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE_BYTES, Integer.BYTES);
            return KERNEL_BASE - (int) call(state, GETPRIORITY, 0, thread, 0, 0, 0, 0);
        }
    }

    private static boolean set(long thread, int nice) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE_BYTES, Integer.BYTES);
            return call(state, SETPRIORITY, 0, thread, nice, 0, 0, 0) == 0;
        }
    }
}
