package io.fluxfoam.node;

import io.fluxfoam.memory.Futex;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * How an idle duty cycle waits: on the doorbells of all its streams at once, in the kernel, and never longer than a bound,
 * so that neither a lost wake nor a death can hang it.
 */
final class IdleSleep implements AutoCloseable {
    private static final int MAX_STREAMS = 128;
    private static final int SPINS = 20;
    private static final long FIRST_PENDING_SLEEP_NS = 20_000;
    private static final int MAX_DOUBLINGS = 16;

    private final Futex.Waiter waiter = new Futex.Waiter(MAX_STREAMS);
    private final long maxIdleNs;
    private int idleTurns;

    IdleSleep(long maxIdleNs) {
        this.maxIdleNs = maxIdleNs;
    }

    void reset() {
        idleTurns = 0;
    }

    void idle(List<Subscription> subscriptions, long deadlineNs) {
        if (idleTurns++ < SPINS) {
            Thread.onSpinWait();
            return;
        }
        long nowNs = System.nanoTime();
        long untilNs = Math.min(nowNs + longestSleepNs(subscriptions), deadlineNs);
        if (untilNs <= nowNs) {
            return;
        }
        waiter.clear();
        boolean nothingNew = true;
        for (int i = 0; i < subscriptions.size() && nothingNew; i++) {
            nothingNew = subscriptions.get(i).prepareSleep(waiter);
        }
        if (nothingNew) {
            if (waiter.isEmpty()) {
                LockSupport.parkNanos(untilNs - nowNs);
            } else {
                waiter.await(untilNs);
            }
        }
        for (int i = 0; i < subscriptions.size(); i++) {
            subscriptions.get(i).endSleep();
        }
    }

    /** A GPU rings no doorbell when it is done: what is pending is looked for again soon, then less and less often. */
    private long longestSleepNs(List<Subscription> subscriptions) {
        for (int i = 0; i < subscriptions.size(); i++) {
            if (subscriptions.get(i).isPending()) {
                return Math.min(maxIdleNs, FIRST_PENDING_SLEEP_NS << Math.min(idleTurns - SPINS, MAX_DOUBLINGS));
            }
        }
        return maxIdleNs;
    }

    @Override
    public void close() {
        waiter.close();
    }
}
