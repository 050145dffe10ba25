package io.fluxfoam.learn;

/**
 * What arms have alike as a stream goes by.
 *
 * @param equal what is the same for each
 * @param cpuSeconds what each may take, if that is CPU
 */
record StreamPace(Equal equal, double cpuSeconds) {
    /** What arms have the same of. */
    enum Equal {
        /** One step for each chunk of the stream: the same on every machine. */
        STEPS,
        /** As many steps as the CPU that a chunk may take is enough for. */
        CPU
    }

    /** Steps on a chunk, between {@code resume} and {@code pause} of the clock. */
    long step(CpuClock clock, int chunk, int chunks, Runnable step) {
        if (equal == Equal.STEPS) {
            step.run();
            return 1;
        }
        long steps = 0;
        for (double until = cpuSeconds * (chunk + 1) / chunks; clock.seconds() < until; steps++) {
            step.run();
        }
        return steps;
    }
}
