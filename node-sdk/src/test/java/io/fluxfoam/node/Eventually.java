package io.fluxfoam.node;

import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Waits for conditions, with a watchdog that ends a hung test and says what it was waiting for. */
public final class Eventually {
    private static final long WATCHDOG_MS = 60_000;
    private static final long LONGEST_PAUSE_MS = 10;

    private Eventually() {}

    /** Returns once the condition holds. An exception of the condition counts as "not yet". */
    public static void eventually(String what, Callable<Boolean> condition)
            throws InterruptedException {
        eventually(() -> what, condition);
    }

    /** Returns once the condition holds; the text is made only when the watchdog barks. */
    public static void eventually(Supplier<String> what, Callable<Boolean> condition)
            throws InterruptedException {
        long pauseMs = 1;
        long deadlineMs = System.currentTimeMillis() + WATCHDOG_MS;
        Exception last = null;
        while (System.currentTimeMillis() < deadlineMs) {
            try {
                if (condition.call()) {
                    return;
                }
                last = null;
            } catch (Exception e) {
                last = e;
            }
            Thread.sleep(pauseMs);
            pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs + 1);
        }
        throw new AssertionError("never happened: " + what.get(), last);
    }
}
