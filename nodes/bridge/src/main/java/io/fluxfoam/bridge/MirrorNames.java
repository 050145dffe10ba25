package io.fluxfoam.bridge;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.counters.LinkCounters;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NameTakenException;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.SteppedNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What mirrors are called here: as their originals where that name is free, else {@code NAME@BOX}.
 * A name is free if no node here ever had it but a mirror of the same box's: a local one that has
 * died will come back.
 */
final class MirrorNames {
    private final FoamDirectory foam;

    MirrorNames(Path foam) throws IOException {
        this.foam = FoamDirectory.open(foam);
    }

    SteppedNode join(Manifest original, String box) throws IOException {
        if (isFree(original.node(), box)) {
            try {
                return join(original.node(), original);
            } catch (NameTakenException e) {
                // between two looks
            }
        }
        return join(original.node() + "@" + box, original);
    }

    private SteppedNode join(String name, Manifest original) throws IOException {
        return SteppedNode.join(
                new NodeContext()
                        .foam(foam.path())
                        .name(name)
                        .role(original.role())
                        .leastIncarnation(original.incarnation()));
    }

    /** A mark that cannot be read, as it is being created, is somebody's. */
    private boolean isFree(String name, String box) {
        if (!Files.exists(foam.mark(name))) {
            return true;
        }
        try {
            MarkView mark = MarkView.read(foam, name);
            Path counters = foam.file(name, mark.incarnation(), "counters");
            return !mark.state().isHeld()
                    && CountersSnapshot.read(counters)
                            .values()
                            .containsKey(LinkCounters.STATE.of(box).label());
        } catch (IOException e) {
            return false;
        }
    }
}
