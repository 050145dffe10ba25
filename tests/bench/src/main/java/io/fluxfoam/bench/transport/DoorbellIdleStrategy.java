package io.fluxfoam.bench.transport;

import io.fluxfoam.memory.Futex;
import io.fluxfoam.stream.StreamReader;
import org.agrona.concurrent.IdleStrategy;

/** Sleeps on the doorbell of one stream, at most ten milliseconds at a time. */
final class DoorbellIdleStrategy implements IdleStrategy {
    private static final long MAX_SLEEP_NS = 10_000_000;
    private final StreamReader reader;
    private final Futex.Waiter waiter = new Futex.Waiter(1);

    DoorbellIdleStrategy(StreamReader reader) {
        this.reader = reader;
    }

    @Override
    public void idle() {
        int doorbell = reader.prepareSleep();
        if (!reader.hasNews()) {
            waiter.clear();
            waiter.add(reader.doorbell(), doorbell);
            waiter.await(System.nanoTime() + MAX_SLEEP_NS);
        }
        reader.endSleep();
    }

    @Override
    public void idle(int workCount) {
        if (workCount == 0) {
            idle();
        }
    }

    @Override
    public void reset() {}

    @Override
    public String alias() {
        return "doorbell";
    }
}
