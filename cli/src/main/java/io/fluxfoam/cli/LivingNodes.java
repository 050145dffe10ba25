package io.fluxfoam.cli;

import io.fluxfoam.coordinator.status.StatusProbe;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.StandbyMark;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The nodes whose lock is held, whoever started them. */
final class LivingNodes {
    private static final long LOOK_EVERY_MS = 20;

    private final StatusProbe probe;
    private final Set<Long> asked = new HashSet<>();

    LivingNodes(StatusProbe probe) {
        this.probe = probe;
    }

    List<MarkView> list() throws IOException {
        return probe.marks().stream().filter(mark -> mark.state().isHeld()).toList();
    }

    /** Asks all of them to stop, who stands by first: else it would take over from who stops. */
    void ask() throws IOException {
        for (StandbyMark.Waiting waiting : probe.standbys()) {
            if (asked.add(waiting.pid())) {
                ProcessHandle.of(waiting.pid()).ifPresent(ProcessHandle::destroy);
            }
        }
        for (MarkView node : list()) {
            if (asked.add(node.pid())) {
                process(node).ifPresent(ProcessHandle::destroy);
            }
        }
    }

    /**
     * Asks all of them to stop, those included that somebody starts meanwhile, and kills those that
     * still live after the timeout.
     *
     * @return those that had to be killed
     */
    List<MarkView> stop(long timeoutNs) throws IOException, InterruptedException {
        awaitNone(timeoutNs, this::ask);
        List<MarkView> killed = list();
        for (StandbyMark.Waiting waiting : probe.standbys()) {
            ProcessHandle.of(waiting.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
        killed.forEach(node -> process(node).ifPresent(ProcessHandle::destroyForcibly));
        awaitNone(timeoutNs, () -> {});
        if (!list().isEmpty()) {
            throw new IOException("still alive after SIGKILL: " + names(list()));
        }
        return killed;
    }

    private interface Step {
        void take() throws IOException;
    }

    /** Names and process ids in one line. */
    static String names(List<MarkView> nodes) {
        return String.join(
                ", ",
                nodes.stream().map(node -> node.name() + " (pid " + node.pid() + ")").toList());
    }

    private void awaitNone(long timeoutNs, Step step) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + timeoutNs;
        step.take();
        while ((!list().isEmpty() || !probe.standbys().isEmpty())
                && System.nanoTime() < deadlineNs) {
            Thread.sleep(LOOK_EVERY_MS);
            step.take();
        }
    }

    private static Optional<ProcessHandle> process(MarkView node) {
        return ProcessHandle.of(node.pid());
    }
}
