package io.fluxfoam.distill;

import io.fluxfoam.node.Node;
import io.fluxfoam.node.PeerView;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;

import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What evaluators say in one of their streams of text. Each one's word holds until it says
 * something else, or nothing for {@link TeacherVerdict#LASTS_NS}; while another one lives, that of
 * one that is dead holds no more. Text that makes no sense is an error in the log, and nothing was
 * said. Belongs to the duty cycle.
 *
 * @param <T> what a line of it is
 */
public final class EvaluatorWords<T> {
    private final Node node;
    private final String stream;
    private final Function<String, List<T>> parser;
    private final Map<String, Link<T>> links = new HashMap<>();

    /** One evaluator. */
    private static final class Link<T> {
        private final Subscription subscription;
        private List<T> said = List.of();
        private long saidNs;

        private Link(Subscription subscription) {
            this.subscription = subscription;
        }
    }

    /**
     * Listens to nobody yet.
     *
     * @param parser throws IllegalArgumentException where a text makes no sense
     */
    public EvaluatorWords(Node node, String stream, Function<String, List<T>> parser) {
        this.node = node;
        this.stream = stream;
        this.parser = parser;
        node.reads(LoopStreams.of("*", stream));
    }

    /** Looks for evaluators that have come; this node does not listen to itself. */
    public void follow() {
        for (PeerView peer : node.peers()) {
            if (peer.role().equals(Roles.EVALUATOR)
                    && !peer.name().equals(node.name())
                    && !links.containsKey(peer.name())
                    && peer.manifest().flatMap(known -> known.stream(stream)).isPresent()) {
                links.put(
                        peer.name(),
                        new Link<>(
                                node.subscribe(
                                        LoopStreams.of(peer.name(), stream), ReadMode.IN_ORDER)));
            }
        }
    }

    /** Takes one word of each evaluator, if there is a new one; returns of how many. */
    public int read(long nowNs) {
        int count = 0;
        for (Link<T> link : links.values()) {
            try (Lease lease = link.subscription.poll()) {
                if (lease != null) {
                    count++;
                    take(link, lease, nowNs);
                }
            }
        }
        return count;
    }

    private void take(Link<T> link, Lease lease, long nowNs) {
        byte[] text = lease.payload().toArray(ValueLayout.JAVA_BYTE);
        try {
            link.said = parser.apply(new String(text, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            node.error(e);
            return;
        }
        link.saidNs = nowNs;
    }

    /** What holds now, by evaluator; a map of the caller's own. */
    public Map<String, List<T>> held(long nowNs) {
        Map<String, List<T>> held = new TreeMap<>();
        links.forEach((name, link) -> {
            if (!link.said.isEmpty() && nowNs - link.saidNs < TeacherVerdict.LASTS_NS) {
                held.put(name, link.said);
            }
        });
        Map<String, List<T>> living = new TreeMap<>(held);
        living.keySet().removeIf(name -> !lives(name));
        return living.isEmpty() ? held : living;
    }

    private boolean lives(String evaluator) {
        return node.peer(evaluator).filter(peer -> peer.state().isHeld()).isPresent();
    }
}
