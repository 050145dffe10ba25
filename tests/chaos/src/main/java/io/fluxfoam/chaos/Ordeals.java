package io.fluxfoam.chaos;

import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Makes torments happen. Belongs to the run's thread. */
final class Ordeals {
    private static final long ABSENCE_NS = 10_000_000_000L;

    private final Ground ground;

    Ordeals(Ground ground) {
        this.ground = ground;
    }

    /**
     * Begins it; empty as long as its target is not ALIVE, or busy with another torment.
     *
     * @throws IOException if the target's process cannot be reached
     */
    Optional<Ordeal> begin(Torment torment, Predicate<String> isBusy) throws IOException {
        if (torment.fault() == Fault.KILL_ALL) {
            List<MarkView> all = ground.herd().living();
            boolean anyBusy = all.isEmpty() || all.stream().anyMatch(node -> isBusy.test(node.name()));
            return anyBusy ? Optional.empty() : Optional.of(Killing.of(ground, all));
        }
        Optional<MarkView> target =
                torment.target().equals(Torment.NO_TARGET)
                        ? ground.herd().living("coordinator")
                        : ground.herd().node(torment.target());
        if (target.isEmpty() || target.get().state() != NodeState.ALIVE || isBusy.test(target.get().name())) {
            return Optional.empty();
        }
        return Optional.of(at(torment.fault(), target.get()));
    }

    private Ordeal at(Fault fault, MarkView node) throws IOException {
        return switch (fault) {
            case KILL -> Killing.of(ground, List.of(node));
            case STOP -> new Stopping(ground, node);
            case TERM -> Killing.gently(ground, node, 0);
            case COORDINATOR_GONE -> Killing.gently(ground, node, ABSENCE_NS);
            default -> throw new IOException("no such torment: fault=" + fault.label());
        };
    }
}
