package io.fluxfoam.cli;

import io.fluxfoam.coordinator.status.StatusProbe.NodeFacts;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The nodes that a command line names, or all if it names none. */
final class NodeFilter {
    private NodeFilter() {}

    /**
     * Keeps the named nodes.
     *
     * @throws IllegalArgumentException if one of them never joined the foam
     */
    static List<NodeFacts> of(List<String> only, List<NodeFacts> nodes) {
        Set<String> unknown = new HashSet<>(only);
        nodes.forEach(node -> unknown.remove(node.mark().name()));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("no such node: " + String.join(" ", unknown));
        }
        return nodes.stream()
                .filter(node -> only.isEmpty() || only.contains(node.mark().name()))
                .toList();
    }
}
