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
        long untilNs = Math.min(nowNs + maxIdleNs, deadlineNs);
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

    @Override
    public void close() {
        waiter.close();
    }
}
