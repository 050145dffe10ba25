package io.fluxfoam.learn;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** CPU time of the calling thread while it runs; exams stand outside. */
final class CpuClock {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private long spentNs;
    private long sinceNs;

    void resume() {
        sinceNs = THREADS.getCurrentThreadCpuTime();
    }

    void pause() {
        spentNs += THREADS.getCurrentThreadCpuTime() - sinceNs;
    }

    /** While it runs. */
    double seconds() {
        return (spentNs + THREADS.getCurrentThreadCpuTime() - sinceNs) / 1e9;
    }

    /** While it pauses. */
    double total() {
        return spentNs / 1e9;
    }
}
