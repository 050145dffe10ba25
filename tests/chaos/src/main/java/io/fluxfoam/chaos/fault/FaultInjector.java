package io.fluxfoam.chaos.fault;

import io.fluxfoam.chaos.guest.CrashLoop;
import io.fluxfoam.chaos.guest.DieInClaim;
import io.fluxfoam.chaos.guest.DieInLease;
import io.fluxfoam.chaos.guest.DieInManifest;
import io.fluxfoam.chaos.guest.Garbage;
import io.fluxfoam.chaos.guest.Guest;
import io.fluxfoam.chaos.guest.Reshape;
import io.fluxfoam.chaos.guest.SlowReader;
import io.fluxfoam.chaos.plan.FaultKind;
import io.fluxfoam.chaos.plan.ScheduledFault;
import io.fluxfoam.chaos.process.FoamUnderTest;
import io.fluxfoam.chaos.process.JavaProgram;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.distill.Roles;
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

/** Makes faults happen. Belongs to the run's thread. */
public final class FaultInjector {
    private static final int CRASHES = 5;
    private static final int LEASES_HELD = 3;
    private static final int TENSORS_OF_GARBAGE = 20;

    private final FoamUnderTest tested;
    private final JavaProgram program;

    public FaultInjector(FoamUnderTest tested, JavaProgram program) {
        this.tested = tested;
        this.program = program;
    }

    /**
     * Begins it; empty as long as its target is not ALIVE or busy with another fault, or its guest
     * is there already.
     *
     * @throws IOException if the target's process cannot be reached
     */
    public Optional<FaultExecution> begin(ScheduledFault fault, Predicate<String> isBusy)
            throws IOException {
        String guest = fault.kind().label();
        if (isBusy.test(guest) || isBusy.test(guest + "-1")) {
            return Optional.empty();
        }
        return switch (fault.kind().aim()) {
            case ONE, COORDINATOR -> {
                Optional<MarkView> target = target(fault).filter(node -> !isBusy.test(node.name()));
                yield target.isPresent()
                        ? Optional.of(at(fault.kind(), target.get()))
                        : Optional.empty();
            }
            case NONE -> inFoam(fault.kind(), isBusy);
            case OWN_FOAM, OWN_BOXES ->
                    Optional.of(new IsolatedFault(tested, program, fault.kind()));
        };
    }

    private Optional<MarkView> target(ScheduledFault fault) {
        Optional<MarkView> target =
                fault.target().equals(ScheduledFault.NO_TARGET)
                        ? tested.nodes().living(Roles.COORDINATOR)
                        : tested.nodes().node(fault.target());
        return target.filter(node -> node.state() == NodeState.ALIVE);
    }

    private FaultExecution at(FaultKind fault, MarkView node) throws IOException {
        return switch (fault) {
            case STOP -> new PauseFault(tested, node);
            case TERM -> KillFault.gently(tested, node, 0);
            case COORDINATOR_GONE -> KillFault.gently(tested, node, tested.absence().toNanos());
            case SLOW_READER -> slowReader(fastestStream(node));
            case DIE_IN_LEASE ->
                    script(FaultKind.DIE_IN_LEASE, DieInLease.class, "--read", fastestStream(node))
                            .dies("--die")
                            .lives()
                            .leaves();
            default -> KillFault.of(tested, List.of(node));
        };
    }

    private Optional<FaultExecution> inFoam(FaultKind fault, Predicate<String> isBusy)
            throws IOException {
        if (fault == FaultKind.KILL_ALL) {
            List<MarkView> all = tested.nodes().living();
            boolean anyBusy =
                    all.isEmpty() || all.stream().anyMatch(node -> isBusy.test(node.name()));
            return anyBusy ? Optional.empty() : Optional.of(KillFault.of(tested, all));
        }
        return Optional.of(
                switch (fault) {
                    case DIE_IN_CLAIM ->
                            script(fault, DieInClaim.class).dies("--die").lives().leaves();
                    case DIE_IN_MANIFEST ->
                            script(fault, DieInManifest.class).dies("--die").lives().leaves();
                    case CRASH_LOOP -> crashLoop();
                    case RESHAPE ->
                            script(fault, Reshape.class)
                                    .lives("--shape", "4,8")
                                    .isKilled()
                                    .lives("--shape", "16")
                                    .leaves();
                    case GARBAGE -> garbage();
                    default -> new JoinStorm(tested, program);
                });
    }

    private Guest guest(FaultKind fault, Class<?> main, String... options) {
        return new Guest(tested, program, fault.label(), main, List.of(options));
    }

    private GuestScript script(FaultKind fault, Class<?> main, String... options) {
        return new GuestScript(tested, guest(fault, main, options));
    }

    private GuestScript crashLoop() {
        GuestScript script = script(FaultKind.CRASH_LOOP, CrashLoop.class);
        for (int i = 0; i < CRASHES; i++) {
            script.dies("--die");
        }
        return script.lives().leaves();
    }

    private GuestScript slowReader(String stream) {
        Guest guest = guest(FaultKind.SLOW_READER, SlowReader.class, "--read", stream);
        return new GuestScript(tested, guest)
                .lives()
                .until(nowNs -> counter(guest, SlowReader.HELD) >= LEASES_HELD)
                .leaves();
    }

    /** A foam without a sensor gives no frames to spoil; then there is nothing to do. */
    private GuestScript garbage() {
        Guest guest = guest(FaultKind.GARBAGE, Garbage.class);
        return new GuestScript(tested, guest)
                .lives()
                .until(nowNs -> counter(guest, Garbage.SPOILED) >= TENSORS_OF_GARBAGE)
                .leaves();
    }

    private double counter(Guest guest, String label) throws IOException {
        Optional<MarkView> mark = guest.mark();
        return mark.isEmpty()
                ? 0
                : tested.nodes()
                        .counters(mark.get())
                        .map((CountersSnapshot all) -> all.number(label))
                        .orElse(0.0);
    }

    /**
     * The stream of this node with the most commits, as {@code NODE/STREAM}; of another node if it
     * has none.
     */
    private String fastestStream(MarkView node) throws IOException {
        Optional<String> stream = fastestOf(node);
        for (MarkView other : tested.nodes().living()) {
            stream = stream.isPresent() ? stream : fastestOf(other);
        }
        return stream.orElseThrow(() -> new IOException("no stream to read: node=" + node.name()));
    }

    private Optional<String> fastestOf(MarkView node) throws IOException {
        long most = 0;
        Optional<String> fastest = Optional.empty();
        for (Owned file : tested.foam().filesOf(node.name())) {
            if (file.isControl()) {
                try {
                    StreamView view =
                            StreamView.read(tested.foam().path().resolve(file.fileName()));
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
