package io.fluxfoam.bench.ipc;

import io.fluxfoam.bench.transport.Outlet;
import io.fluxfoam.bench.transport.Route;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;

/**
 * The writer's side of a task: every byte of every message is written anew, whatever the reader
 * will read of it.
 */
final class WriterTask {
    private static final long GAP_NS = 50_000;
    private static final long PARK_NS = 20_000;
    private static final int CLOCK_MASK = 31;
    private static final long LARGE_BYTES = 16_384;
    private final Task task;
    private final Outlet outlet;
    private final Rendezvous rendezvous;

    WriterTask(Task task, Outlet outlet, Rendezvous rendezvous) {
        this.task = task;
        this.outlet = outlet;
        this.rendezvous = rendezvous;
    }

    void run() throws Exception {
        if (task.phase() == Route.Phase.LATENCY) {
            sendOneByOne();
        } else {
            sendAsFastAsPossible();
        }
    }

    private void sendOneByOne() throws Exception {
        long startNs = System.nanoTime();
        long readNs = startNs;
        boolean isLast = false;
        for (long number = 1; !isLast; number++) {
            long sequence = task.sequenceBase() + number;
            isLast = task.isLast(number, readNs - startNs);
            MemorySegment payload = outlet.claim();
            Message.fill(payload, sequence, isLast);
            while (System.nanoTime() - readNs < GAP_NS) {
                yieldCore();
            }
            Message.stamp(payload, System.nanoTime());
            outlet.send();
            while (rendezvous.lastRead() != sequence) {
                yieldCore();
            }
            readNs = System.nanoTime();
        }
    }

    private void sendAsFastAsPossible() throws Exception {
        long window = outlet.window();
        long startNs = System.nanoTime();
        long elapsedNs = 0;
        long lastRead = task.sequenceBase();
        long sequence = task.sequenceBase();
        boolean isLast = false;
        for (long number = 1; !isLast; number++) {
            sequence++;
            while (sequence - lastRead > window) {
                lastRead = Math.max(lastRead, rendezvous.lastRead());
            }
            MemorySegment payload = outlet.claim();
            if (task.payloadBytes() >= LARGE_BYTES || (number & CLOCK_MASK) == 0) {
                elapsedNs = System.nanoTime() - startNs;
            }
            isLast = task.isLast(number, elapsedNs);
            Message.fill(payload, sequence, isLast);
            Message.stamp(payload, elapsedNs);
            outlet.send();
        }
        while (rendezvous.lastRead() != sequence) {
            LockSupport.parkNanos(PARK_NS);
        }
    }

    private void yieldCore() {
        if (outlet.hasThreads()) {
            LockSupport.parkNanos(PARK_NS);
        }
    }
}
