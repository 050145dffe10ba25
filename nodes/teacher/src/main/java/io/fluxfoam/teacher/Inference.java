package io.fluxfoam.teacher;

import io.fluxfoam.teacher.memory.Answer;

import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs a teacher on a thread of its own, one sample at a time, so that the node's heart beats
 * however long a model takes. Everything here is called by the duty-cycle thread.
 */
final class Inference implements AutoCloseable {
    /**
     * How it ended.
     *
     * @param spoken whether the teacher had something to say
     * @param computed whether it had to compute
     * @param wallNs time it took
     * @param cpuNs time it computed, on its own thread
     */
    record Outcome(boolean spoken, boolean computed, long wallNs, long cpuNs) {}

    /** What is run. */
    @FunctionalInterface
    interface Task {
        /** Makes features of a sample, or says that there are none. */
        Answer run(Sample sample, MemorySegment features);
    }

    private final Task task;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final ExecutorService worker;
    private Future<Outcome> running;

    Inference(Task task, String node) {
        this.task = task;
        this.worker =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name("foam-infer-" + node).factory());
    }

    /**
     * Begins; nothing may run. Sample and features belong to the teacher until {@link #await} has
     * returned an outcome.
     */
    void begin(Sample sample, MemorySegment features) {
        running = worker.submit(() -> infer(sample, features));
    }

    private Outcome infer(Sample sample, MemorySegment features) {
        long beganNs = System.nanoTime();
        long cpuBeforeNs = threads.getCurrentThreadCpuTime();
        Answer answer = task.run(sample, features);
        return new Outcome(
                answer.spoken(),
                answer.computed(),
                System.nanoTime() - beganNs,
                threads.getCurrentThreadCpuTime() - cpuBeforeNs);
    }

    /** Whether a sample has been begun and its outcome not been taken. */
    boolean isRunning() {
        return running != null;
    }

    /**
     * Waits for the outcome.
     *
     * @return null if it has not come within the time
     * @throws Exception what the teacher threw
     */
    Outcome await(long timeoutNs) throws Exception {
        try {
            Outcome outcome = running.get(timeoutNs, TimeUnit.NANOSECONDS);
            running = null;
            return outcome;
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            running = null;
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /**
     * Waits until nothing runs any more, since a running model would touch memory that is about to
     * be unmapped.
     */
    @Override
    public void close() {
        worker.close();
    }
}
