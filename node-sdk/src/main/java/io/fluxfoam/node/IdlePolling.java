package io.fluxfoam.node;

import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Looks again and again, with pauses or without. Announces no sleep, so no writer has to make a
 * system call for it.
 */
final class IdlePolling implements Idle {
    private static final long MAX_SPINS = 10;
    private static final long MAX_YIELDS = 5;
    private static final long MIN_PARK_NS = 1_000;
    private static final long MAX_PARK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final IdleStrategy strategy;

    IdlePolling(IdleMode mode, long maxIdleNs) {
        long maxParkNs = Math.min(MAX_PARK_NS, maxIdleNs);
        strategy =
                mode == IdleMode.SPIN
                        ? BusySpinIdleStrategy.INSTANCE
                        : new BackoffIdleStrategy(
                                MAX_SPINS, MAX_YIELDS, Math.min(MIN_PARK_NS, maxParkNs), maxParkNs);
    }

    @Override
    public void listen(List<Subscription> subscriptions) {
        // whoever polls misses nothing
    }

    @Override
    public void idle(List<Subscription> subscriptions, long deadlineNs) {
        strategy.idle();
    }

    @Override
    public void reset() {
        strategy.reset();
    }

    @Override
    public void close() {
        // nothing is held
    }
}
