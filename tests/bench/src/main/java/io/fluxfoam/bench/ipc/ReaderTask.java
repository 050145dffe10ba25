package io.fluxfoam.bench.ipc;

import io.fluxfoam.bench.transport.Inlet;
import io.fluxfoam.bench.transport.Route;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The reader's side of a task. The clock stops when it has the complete message and has read of it
 * what the pattern says; that it read the right bytes is checked afterwards.
 */
final class ReaderTask implements Inlet.Handler {
    private final Task task;
    private final Rendezvous rendezvous;
    private final boolean readsAll;
    private final long[] latenciesNs;
    private long messages;
    private long firstNs;
    private long lastNs;
    private long wrong;

    ReaderTask(Task task, Rendezvous rendezvous) {
        this.task = task;
        this.rendezvous = rendezvous;
        this.readsAll = task.pattern() == Pattern.ALL;
        boolean keepsAll = task.phase() == Route.Phase.LATENCY;
        this.latenciesNs = new long[keepsAll ? Math.toIntExact(task.messages()) : 0];
    }

    @Override
    public boolean onMessage(MemorySegment payload) {
        long sum = readsAll ? Message.sum(payload) : 0;
        boolean isWhole = Message.touch(payload);
        long nowNs = System.nanoTime();
        if (!isWhole || readsAll && sum != Message.expectedSum(payload)) {
            wrong++;
        }
        messages++;
        if (messages <= task.warmups()) {
            firstNs = nowNs;
        } else if (latenciesNs.length > 0) {
            latenciesNs[(int) (messages - task.warmups()) - 1] = nowNs - Message.sentNs(payload);
        }
        lastNs = nowNs;
        boolean isLast = Message.isLast(payload);
        rendezvous.read(Message.sequence(payload));
        return !isLast;
    }

    /**
     * The result in one line: all latencies, or the messages that count and the nanoseconds that
     * they took.
     */
    String result() {
        if (wrong > 0) {
            throw new IllegalStateException(
                    "messages with wrong bytes: wrong=" + wrong + " messages=" + messages);
        }
        long counted = messages - task.warmups();
        if (task.phase() == Route.Phase.RATE) {
            return counted + " " + (lastNs - firstNs);
        }
        StringBuilder line = new StringBuilder();
        for (long latencyNs : Arrays.copyOf(latenciesNs, (int) counted)) {
            line.append(latencyNs).append(' ');
        }
        return line.toString().strip();
    }
}
