package io.fluxfoam.chaos.process;

import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The end of processes that chaos started: all are asked, and who does not go is killed with all
 * that it started.
 */
public final class Termination {
    private static final long ASKED_NS = 5_000_000_000L;
    private static final long KILLED_NS = 10_000_000_000L;
    private static final long LOOK_EVERY_NS = 5_000_000L;

    private Termination() {}

    /** Returns when none of them runs any more. */
    public static void of(Collection<Process> processes) throws IOException {
        processes.forEach(Process::destroy);
        if (!areGone(processes, ASKED_NS)) {
            processes.stream()
                    .flatMap(process ->
                            Stream.concat(process.descendants(), Stream.of(process.toHandle())))
                    .toList() // before the first is killed: an orphan is nobody's descendant
                    .forEach(ProcessHandle::destroyForcibly);
            if (!areGone(processes, KILLED_NS)) {
                throw new IOException(
                        "alive after SIGKILL: pids="
                                + processes.stream()
                                        .filter(Process::isAlive)
                                        .map(Process::pid)
                                        .toList());
            }
        }
    }

    private static boolean areGone(Collection<Process> processes, long timeoutNs) {
        long deadlineNs = System.nanoTime() + timeoutNs;
        while (processes.stream().anyMatch(Process::isAlive)) {
            if (System.nanoTime() >= deadlineNs) {
                return false;
            }
            LockSupport.parkNanos(LOOK_EVERY_NS);
        }
        return true;
    }
}
