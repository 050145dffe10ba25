package io.fluxfoam.node;

import io.fluxfoam.memory.Futex;

import java.util.List;

/**
 * Waits on the doorbells of all streams and the node's own at once, in the kernel, and never longer
 * than a bound, so that neither a lost wake nor a death can hang it. After {@value #QUIET_TURNS}
 * turns without work, a second or so, it sleeps up to 400 ms and looks at its peers no more often
 * than that: what a turn costs after a sleep is cold caches, some 200 µs each, so what a quiet node
 * costs is how often it turns.
 *
 * <p>A turn that may end in sleep begins with {@link #listen}: what happens after that keeps the
 * cycle awake. What the agent saw and left, for example because it still holds a lease, does not.
 */
final class IdleSleep implements Idle {
    private static final int MAX_WORDS = 128;
    private static final int SPINS = 2;
    private static final long FIRST_PENDING_SLEEP_NS = 20_000;
    private static final int MAX_DOUBLINGS = 16;
    private static final int QUIET_TURNS = 100;
    private static final long QUIET_SLEEP_NS = 400_000_000;

    private final Futex.Waiter waiter = new Futex.Waiter(MAX_WORDS);
    private final WakeSignal wakeSignal;
    private final long maxIdleNs;
    private int idleTurns;
    private int signalSeen;
    private boolean hasListened;

    IdleSleep(WakeSignal wakeSignal, long maxIdleNs) {
        this.wakeSignal = wakeSignal;
        this.maxIdleNs = maxIdleNs;
    }

    @Override
    public void reset() {
        idleTurns = 0;
    }

    @Override
    public void listen(List<Subscription> subscriptions) {
        hasListened = idleTurns >= SPINS;
        if (hasListened) {
            signalSeen = wakeSignal.value();
            for (int i = 0; i < subscriptions.size(); i++) {
                subscriptions.get(i).listen();
            }
        }
    }

    @Override
    public void idle(List<Subscription> subscriptions, long deadlineNs) {
        idleTurns++;
        if (!hasListened) {
            Thread.onSpinWait();
            return;
        }
        long nowNs = System.nanoTime();
        boolean isPending = isAnyPending(subscriptions);
        long untilNs =
                idleTurns > QUIET_TURNS && !isPending
                        ? nowNs + Math.max(maxIdleNs, QUIET_SLEEP_NS)
                        : Math.min(nowNs + longestSleepNs(isPending), deadlineNs);
        if (untilNs <= nowNs) {
            return;
        }
        waiter.clear();
        waiter.add(wakeSignal.word(), signalSeen);
        boolean nothingNew = true;
        for (int i = 0; i < subscriptions.size() && nothingNew; i++) {
            nothingNew = subscriptions.get(i).prepareSleep(waiter);
        }
        if (nothingNew) {
            waiter.await(untilNs);
        }
        for (int i = 0; i < subscriptions.size(); i++) {
            subscriptions.get(i).endSleep();
        }
    }

    /**
     * A GPU rings no doorbell when it is done: what is pending is looked for again soon, then less
     * and less often.
     */
    private long longestSleepNs(boolean isPending) {
        return isPending
                ? Math.min(
                        maxIdleNs,
                        FIRST_PENDING_SLEEP_NS << Math.min(idleTurns - SPINS, MAX_DOUBLINGS))
                : maxIdleNs;
    }

    private static boolean isAnyPending(List<Subscription> subscriptions) {
        for (int i = 0; i < subscriptions.size(); i++) {
            if (subscriptions.get(i).isPending()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        waiter.close();
    }
}
