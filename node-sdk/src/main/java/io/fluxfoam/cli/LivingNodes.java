package io.fluxfoam.cli;

import io.fluxfoam.liveness.MarkView;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The nodes whose lock is held, whoever started them. */
final class LivingNodes {
    private static final long LOOK_EVERY_MS = 20;

    private final StatusProbe probe;

    LivingNodes(StatusProbe probe) {
        this.probe = probe;
    }

    List<MarkView> list() throws IOException {
        return probe.marks().stream().filter(mark -> mark.state().isHeld()).toList();
    }

    /**
     * Asks all of them to stop and kills those that still live after the timeout.
     *
     * @return those that had to be killed
     */
    List<MarkView> stop(long timeoutNs) throws IOException, InterruptedException {
        list().forEach(node -> process(node).ifPresent(ProcessHandle::destroy));
        awaitNone(timeoutNs);
        List<MarkView> killed = list();
        killed.forEach(node -> process(node).ifPresent(ProcessHandle::destroyForcibly));
        awaitNone(timeoutNs);
        if (!list().isEmpty()) {
            throw new IOException("still alive after SIGKILL: " + names(list()));
        }
        return killed;
    }

    /** Names and process ids in one line. */
    static String names(List<MarkView> nodes) {
        return String.join(
                ", ",
                nodes.stream().map(node -> node.name() + " (pid " + node.pid() + ")").toList());
    }

    private void awaitNone(long timeoutNs) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + timeoutNs;
        while (!list().isEmpty() && System.nanoTime() < deadlineNs) {
            Thread.sleep(LOOK_EVERY_MS);
        }
    }

    private static Optional<ProcessHandle> process(MarkView node) {
        return ProcessHandle.of(node.pid());
    }
}
