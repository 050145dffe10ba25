package io.fluxfoam.coordinator;

import io.fluxfoam.coordinator.status.FoamStatus;
import io.fluxfoam.node.PeerView;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * What the nodes' manifests say that they read. The coordinator is a node and knows its peers'
 * manifests anyway, so nothing is opened for this. Who has left, or has not published its next
 * manifest yet, keeps what its last one said. The duty-cycle thread {@linkplain #follow follows}
 * the peers, any thread may ask.
 */
final class DeclaredReads {
    private final Map<String, List<String>> byNode = new ConcurrentHashMap<>();

    /**
     * Takes over what the peers' manifests say as of now, and forgets those whose marks are gone.
     */
    void follow(Collection<PeerView> peers) {
        byNode.keySet().retainAll(peers.stream().map(PeerView::name).collect(Collectors.toSet()));
        for (PeerView peer : peers) {
            peer.manifest().ifPresent(manifest -> byNode.put(peer.name(), manifest.reads()));
        }
    }

    /** The status with what is known; {@code null} stays where nothing is. */
    FoamStatus addTo(FoamStatus status) {
        return new FoamStatus(
                status.foam(),
                status.uptimeSeconds(),
                status.nodes().stream()
                        .map(node -> node.withReads(byNode.get(node.name())))
                        .toList(),
                status.student(),
                status.heldOut());
    }
}
