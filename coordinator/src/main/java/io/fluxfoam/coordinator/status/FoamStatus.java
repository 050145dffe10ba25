package io.fluxfoam.coordinator.status;

import java.util.List;

/**
 * What {@code GET /api/status}, {@code ./foam up --summary} and, for its {@code nodes}, {@code
 * ./foam ps --json} say about a foam.
 *
 * <p>The component names of this record and of those it holds are the JSON contract that scripts
 * rely on. A figure that is not there yet is null (never 0); ratios are 0..1. {@link #student} and
 * {@link #heldOut} are always present, with null figures while no such node has published any.
 *
 * @param foam name of the foam: the last element of its directory
 * @param uptimeSeconds since the foam was created
 * @param nodes every node that ever joined, in the order of their names' first appearance in the
 *     default loop
 */
public record FoamStatus(
        String foam,
        Double uptimeSeconds,
        List<NodeStatus> nodes,
        StudentStatus student,
        HeldOutStatus heldOut) {
    public FoamStatus {
        nodes = List.copyOf(nodes);
    }

    /** The same with what the sensor was given to show, in that order. */
    public FoamStatus withSources(List<String> sources) {
        return new FoamStatus(foam, uptimeSeconds, nodes, student, heldOut.withSources(sources));
    }
}
