package io.fluxfoam.teacher;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.distill.TeacherRefusal;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.memory.BestEffortRead;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.PeerView;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Says at the teacher's own terminal that a student takes nothing of it, and why: each reason once.
 * It looks at what the students show to all; nobody has to tell it. For one thread.
 */
final class RefusalNotice {
    private static final long LOOK_EVERY_NS = TimeUnit.SECONDS.toNanos(5);

    private final Node node;
    private final FoamDirectory foam;
    private final Consumer<String> terminal;
    private final Map<String, String> said = new HashMap<>();
    private long nextLookNs = Long.MIN_VALUE;

    /**
     * @param terminal takes lines
     */
    RefusalNotice(Node node, Consumer<String> terminal) throws IOException {
        this.node = node;
        this.terminal = terminal;
        foam = FoamDirectory.open(node.foam());
    }

    void look(long nowNs) {
        if (nowNs < nextLookNs) {
            return;
        }
        nextLookNs = nowNs + LOOK_EVERY_NS;
        for (PeerView peer : node.peers()) {
            if (peer.role().equals(Roles.STUDENT) && peer.state().isHeld()) {
                look(peer);
            }
        }
    }

    private void look(PeerView student) {
        Optional<String> reason =
                BestEffortRead.at(
                                () ->
                                        CountersSnapshot.read(
                                                foam.file(
                                                        student.name(),
                                                        student.incarnation(),
                                                        "counters")),
                                node::error)
                        .flatMap(counters -> TeacherRefusal.of(counters, node.name()))
                        .map(TeacherRefusal::reason);
        if (reason.isEmpty()) {
            said.remove(student.name());
        } else if (!reason.get().equals(said.put(student.name(), reason.get()))) {
            terminal.accept(
                    node.name()
                            + ": computes in vain, "
                            + student.name()
                            + " refuses it: "
                            + reason.get());
        }
    }
}
