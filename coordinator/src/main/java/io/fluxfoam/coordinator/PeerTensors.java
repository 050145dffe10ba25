package io.fluxfoam.coordinator;

import io.fluxfoam.coordinator.status.NodeStatus;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.memory.BestEffortRead;
import io.fluxfoam.stream.StreamPeek;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Tensors of the foam's nodes, copied without a lane or a lease; nothing is kept open. Streams in a
 * GPU's memory are left alone: to read them one would need a share of the GPU. Thread-safe.
 *
 * @param errors told of every file that is not what its name says
 */
record PeerTensors(FoamDirectory foam, Consumer<Exception> errors) {
    /** Which tensor of a stream. */
    interface Choice {
        Optional<StreamPeek.Copy> of(StreamPeek peek) throws IOException;
    }

    /** A tensor of the node's newest incarnation, if it is in this machine's memory and whole. */
    Optional<StreamPeek.Copy> copy(NodeStatus node, String stream, Choice choice) {
        if (!node.device().equals("host")) {
            return Optional.empty();
        }
        Path control = control(node, stream);
        return BestEffortRead.at(
                        () -> {
                            try (StreamPeek peek =
                                    StreamPeek.open(foam, control.getFileName().toString())) {
                                return choice.of(peek);
                            }
                        },
                        errors::accept)
                .flatMap(copy -> copy)
                .filter(StreamPeek.Copy::intact);
    }

    /** The stream's control file. */
    Path control(NodeStatus node, String stream) {
        return foam.file(node.name(), node.incarnation(), stream + ".control");
    }
}
