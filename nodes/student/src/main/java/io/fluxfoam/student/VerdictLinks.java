package io.fluxfoam.student;

import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.distill.TeacherVerdict;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.PeerView;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;

import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the evaluators hold of the teachers. Each one's word holds until it says something else, or
 * nothing for {@link TeacherVerdict#LASTS_NS}; of several the severest does. Belongs to the duty
 * cycle.
 */
final class VerdictLinks {
    private final Node node;
    private final Map<String, Link> links = new HashMap<>();

    /** One evaluator. */
    private static final class Link {
        private final Subscription stream;
        private Map<String, TeacherVerdict> said = Map.of();
        private long saidNs;

        private Link(Subscription stream) {
            this.stream = stream;
        }
    }

    VerdictLinks(Node node) {
        this.node = node;
        node.reads(LoopStreams.of("*", LoopStreams.VERDICTS));
    }

    /** Looks for evaluators that have come. */
    void follow() {
        for (PeerView peer : node.peers()) {
            if (peer.role().equals(Roles.EVALUATOR) && !links.containsKey(peer.name())) {
                peer.manifest()
                        .flatMap(manifest -> manifest.stream(LoopStreams.VERDICTS))
                        .ifPresent(_ -> links.put(peer.name(), new Link(subscribe(peer.name()))));
            }
        }
    }

    private Subscription subscribe(String evaluator) {
        return node.subscribe(LoopStreams.of(evaluator, LoopStreams.VERDICTS), ReadMode.IN_ORDER);
    }

    /** Takes one word of each evaluator, if there is a new one; returns of how many. */
    int read(long nowNs) {
        int count = 0;
        for (Link link : links.values()) {
            try (Lease lease = link.stream.poll()) {
                if (lease != null) {
                    count++;
                    take(link, lease, nowNs);
                }
            }
        }
        return count;
    }

    private void take(Link link, Lease lease, long nowNs) {
        byte[] text = lease.payload().toArray(ValueLayout.JAVA_BYTE);
        Map<String, TeacherVerdict> said = new HashMap<>();
        try {
            List<TeacherVerdict> verdicts =
                    TeacherVerdict.parse(new String(text, StandardCharsets.UTF_8));
            verdicts.forEach(verdict -> said.put(verdict.teacher(), verdict));
        } catch (IllegalArgumentException e) {
            node.error(e);
            return;
        }
        link.said = said;
        link.saidNs = nowNs;
    }

    /** What is held of a teacher now; empty if nobody says anything of it. */
    Optional<TeacherVerdict> of(String teacher, long nowNs) {
        return links.values().stream()
                .filter(link -> nowNs - link.saidNs < TeacherVerdict.LASTS_NS)
                .flatMap(link -> Optional.ofNullable(link.said.get(teacher)).stream())
                .min(Comparator.comparingDouble(TeacherVerdict::weight));
    }
}
