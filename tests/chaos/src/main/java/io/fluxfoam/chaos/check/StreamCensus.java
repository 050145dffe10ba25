package io.fluxfoam.chaos.check;

import io.fluxfoam.distill.Roles;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.FoamDirectory.Owned;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.stream.StreamView;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The nodes that live when chaos comes, and all streams of theirs that ever have a commit. Belongs
 * to the run's thread.
 */
public final class StreamCensus {
    /** What the nodes of the loop are; a user's own node has a role of its own. */
    private static final Set<String> LOOP_ROLES = Roles.LOOP;

    private final FoamDirectory foam;
    private final List<String> nodes;
    private final Set<String> loop;
    private final Set<String> streams = new TreeSet<>();

    public StreamCensus(FoamDirectory foam, Collection<MarkView> living) {
        this.foam = foam;
        this.nodes = living.stream().map(MarkView::name).toList();
        this.loop =
                living.stream()
                        .filter(mark -> LOOP_ROLES.contains(mark.role()))
                        .map(MarkView::name)
                        .collect(Collectors.toSet());
    }

    /** Notes the streams that are there now. */
    public void look() throws IOException {
        for (String node : nodes) {
            for (Owned file : foam.filesOf(node)) {
                if (file.isControl()) {
                    note(file);
                }
            }
        }
    }

    private void note(Owned file) throws IOException {
        try {
            StreamView view = StreamView.read(foam.path().resolve(file.fileName()));
            if (view.sequence() > 0) {
                streams.add(view.header().node() + "/" + view.header().spec().name());
            }
        } catch (NoSuchFileException | LayoutException e) {
            return; // gone since it was listed
        }
    }

    /** As {@code NODE/STREAM}. */
    public Set<String> streams() {
        return Set.copyOf(streams);
    }

    /** Whether a stream, {@code NODE/STREAM}, is one of the loop's own. */
    public boolean isOfLoop(String stream) {
        return loop.contains(stream.substring(0, stream.indexOf('/')));
    }
}
