package io.fluxfoam.bench.gpu;

import io.fluxfoam.device.Device;
import io.fluxfoam.device.DeviceMemory;
import io.fluxfoam.device.WorkQueue;
import io.fluxfoam.device.cuda.PatternKernels;

/**
 * The two kernels that are timed: one fills words with a pattern, the other compares them. They
 * touch the first 4 KB of a payload, so that what grows with its size is the hand-over alone; the
 * first message of a task is filled and compared whole.
 */
final class Touch implements AutoCloseable {
    static final long WORDS = 1_024;

    private final WorkQueue queue;
    private final PatternKernels kernels;

    Touch(Device device) {
        this.queue = device.queue();
        this.kernels = new PatternKernels(device);
    }

    /** How many words of a payload the message with this number, from 1, is about. */
    static long words(long number, long payloadBytes) {
        long all = payloadBytes / Integer.BYTES;
        return number == 1 ? all : Math.min(WORDS, all);
    }

    void fill(DeviceMemory payload, long words, int seed) {
        kernels.fill(payload, words, seed);
    }

    void compare(DeviceMemory payload, long words, int seed) {
        kernels.countWrong(payload, words, seed);
    }

    /** Waits until the queue's work is done, without ever sleeping; returns when it was. */
    long awaitNs() {
        while (!queue.isIdle()) {
            Thread.onSpinWait();
        }
        return System.nanoTime();
    }

    /** Fails if a word that was compared since the last call was another than the one filled in. */
    void check() {
        int wrong = kernels.wrong();
        if (wrong > 0) {
            throw new IllegalStateException(
                    "wrong words of a tensor that was handed over: wrong=" + wrong);
        }
    }

    @Override
    public void close() {
        kernels.close();
    }
}
