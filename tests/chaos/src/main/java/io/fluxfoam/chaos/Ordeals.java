package io.fluxfoam.chaos;

import io.fluxfoam.chaos.guest.CrashLoop;
import io.fluxfoam.chaos.guest.DieInClaim;
import io.fluxfoam.chaos.guest.DieInLease;
import io.fluxfoam.chaos.guest.DieInManifest;
import io.fluxfoam.chaos.guest.Garbage;
import io.fluxfoam.chaos.guest.Reshape;
import io.fluxfoam.chaos.guest.SlowReader;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.liveness.FoamDirectory.Owned;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.stream.StreamView;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Makes torments happen. Belongs to the run's thread. */
final class Ordeals {
    private static final int CRASHES = 5;
    private static final int LEASES_HELD = 3;
    private static final int TENSORS_OF_GARBAGE = 20;

    private final Ground ground;
    private final JavaProgram program;

    Ordeals(Ground ground, JavaProgram program) {
        this.ground = ground;
        this.program = program;
    }

    /**
     * Begins it; empty as long as its target is not ALIVE or busy with another torment, or its guest is there already.
     *
     * @throws IOException if the target's process cannot be reached
     */
    Optional<Ordeal> begin(Torment torment, Predicate<String> isBusy) throws IOException {
        String guest = torment.fault().label();
        if (isBusy.test(guest) || isBusy.test(guest + "-1")) {
            return Optional.empty();
        }
        return switch (torment.fault().aim()) {
            case ONE, COORDINATOR -> {
                Optional<MarkView> target = target(torment).filter(node -> !isBusy.test(node.name()));
                yield target.isPresent() ? Optional.of(at(torment.fault(), target.get())) : Optional.empty();
            }
            case NONE -> inFoam(torment.fault(), isBusy);
            case OWN_FOAM -> Optional.of(new Trial(ground, program, torment.fault()));
        };
    }

    private Optional<MarkView> target(Torment torment) {
        Optional<MarkView> target =
                torment.target().equals(Torment.NO_TARGET)
                        ? ground.herd().living("coordinator")
                        : ground.herd().node(torment.target());
        return target.filter(node -> node.state() == NodeState.ALIVE);
    }

    private Ordeal at(Fault fault, MarkView node) throws IOException {
        return switch (fault) {
            case STOP -> new Stopping(ground, node);
            case TERM -> Killing.gently(ground, node, 0);
            case COORDINATOR_GONE -> Killing.gently(ground, node, ground.absence().toNanos());
            case SLOW_READER -> slowReader(fastestStream(node));
            case DIE_IN_LEASE -> visit(Fault.DIE_IN_LEASE, DieInLease.class, "--read", fastestStream(node))
                    .dies("--die")
                    .lives()
                    .leaves();
            default -> Killing.of(ground, List.of(node));
        };
    }

    private Optional<Ordeal> inFoam(Fault fault, Predicate<String> isBusy) throws IOException {
        if (fault == Fault.KILL_ALL) {
            List<MarkView> all = ground.herd().living();
            boolean anyBusy = all.isEmpty() || all.stream().anyMatch(node -> isBusy.test(node.name()));
            return anyBusy ? Optional.empty() : Optional.of(Killing.of(ground, all));
        }
        return Optional.of(
                switch (fault) {
                    case DIE_IN_CLAIM -> visit(fault, DieInClaim.class).dies("--die").lives().leaves();
                    case DIE_IN_MANIFEST -> visit(fault, DieInManifest.class).dies("--die").lives().leaves();
                    case CRASH_LOOP -> crashLoop();
                    case RESHAPE -> visit(fault, Reshape.class)
                            .lives("--shape", "4,8")
                            .isKilled()
                            .lives("--shape", "16")
                            .leaves();
                    case GARBAGE -> garbage();
                    default -> new Storm(ground, program);
                });
    }

    private Guest guest(Fault fault, Class<?> main, String... options) {
        return new Guest(ground, program, fault.label(), main, List.of(options));
    }

    private Visit visit(Fault fault, Class<?> main, String... options) {
        return new Visit(ground, guest(fault, main, options));
    }

    private Visit crashLoop() {
        Visit visit = visit(Fault.CRASH_LOOP, CrashLoop.class);
        for (int i = 0; i < CRASHES; i++) {
            visit.dies("--die");
        }
        return visit.lives().leaves();
    }

    private Visit slowReader(String stream) {
        Guest guest = guest(Fault.SLOW_READER, SlowReader.class, "--read", stream);
        return new Visit(ground, guest).lives().until(nowNs -> counter(guest, "held") >= LEASES_HELD).leaves();
    }

    /** A foam without a sensor gives no frames to spoil; then there is nothing to do. */
    private Visit garbage() {
        Guest guest = guest(Fault.GARBAGE, Garbage.class);
        return new Visit(ground, guest).lives().until(nowNs -> counter(guest, "spoiled") >= TENSORS_OF_GARBAGE).leaves();
    }

    private double counter(Guest guest, String label) throws IOException {
        Optional<MarkView> mark = guest.mark();
        return mark.isEmpty()
                ? 0
                : ground.herd().counters(mark.get()).map((CountersSnapshot all) -> all.number(label)).orElse(0.0);
    }

    /** The stream of this node with the most commits, as {@code NODE/STREAM}; of another node if it has none. */
    private String fastestStream(MarkView node) throws IOException {
        Optional<String> stream = fastestOf(node);
        for (MarkView other : ground.herd().living()) {
            stream = stream.isPresent() ? stream : fastestOf(other);
        }
        return stream.orElseThrow(() -> new IOException("no stream to read: node=" + node.name()));
    }

    private Optional<String> fastestOf(MarkView node) throws IOException {
        long most = 0;
        Optional<String> fastest = Optional.empty();
        for (Owned file : ground.foam().filesOf(node.name())) {
            if (file.isControl()) {
                try {
                    StreamView view = StreamView.read(ground.foam().path().resolve(file.fileName()));
                    if (view.sequence() > most) {
                        most = view.sequence();
                        fastest = Optional.of(node.name() + "/" + view.header().spec().name());
                    }
                } catch (NoSuchFileException | LayoutException e) {
                    continue; // gone since it was listed
                }
            }
        }
        return fastest;
    }
}
