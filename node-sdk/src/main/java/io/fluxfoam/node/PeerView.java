package io.fluxfoam.node;

import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.manifest.Manifest;

import java.util.Optional;

/**
 * A peer as of the last look.
 *
 * @param name node name
 * @param role what it is
 * @param state ALIVE, STALLED, DEAD or STOPPED
 * @param incarnation number of its newest start
 * @param manifest its business card; empty until it has published the one of this incarnation, and
 *     after it has left
 */
public record PeerView(
        String name, String role, NodeState state, long incarnation, Optional<Manifest> manifest) {}
