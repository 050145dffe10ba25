package io.fluxfoam.node;

import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.FoamDirectory.Owned;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.memory.Posix;
import io.fluxfoam.stream.LaneOwners;
import io.fluxfoam.stream.StreamView;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * Removes what dead peers left. Of all living nodes only the holder of the cleaner's lock works,
 * and a dead node's streams go only when no living reader holds a lease on any of them. Its mark,
 * counters and error log stay.
 */
final class Cleaner {
    private final FoamDirectory foam;
    private final LaneOwners owners;
    private final Consumer<Exception> onError;

    Cleaner(FoamDirectory foam, LaneOwners owners, Consumer<Exception> onError) {
        this.foam = foam;
        this.owners = owners;
        this.onError = onError;
    }

    /** Removes the older incarnations' files of a node that has just taken its name. */
    static void removeOlder(FoamDirectory foam, String node, long incarnation) throws IOException {
        for (Owned file : foam.filesOf(node)) {
            if (file.incarnation() < incarnation) {
                Files.deleteIfExists(foam.path().resolve(file.fileName()));
            }
        }
    }

    /**
     * One round over the dead; does nothing if another node cleans. What cannot be removed of one
     * is reported, and keeps none of the others. Returns the number of files removed.
     */
    int sweep(Collection<PeerView> peers) throws IOException {
        boolean anyDead = false;
        for (PeerView peer : peers) {
            anyDead |= peer.state() == NodeState.DEAD;
        }
        if (!anyDead) {
            return 0;
        }
        int fd = Posix.open(foam.path().resolve("cleaner.lock"), true);
        try {
            int removed = 0;
            if (Posix.tryLock(fd)) {
                for (PeerView peer : peers) {
                    removed += peer.state() == NodeState.DEAD ? tryRemoveRemains(peer) : 0;
                }
            }
            return removed;
        } finally {
            Posix.close(fd);
        }
    }

    private int tryRemoveRemains(PeerView peer) {
        try {
            return removeRemains(peer);
        } catch (IOException e) {
            onError.accept(e);
            return 0;
        }
    }

    private int removeRemains(PeerView peer) throws IOException {
        int removed = 0;
        Collection<Owned> files = foam.filesOf(peer.name());
        for (Owned file : files) {
            if (file.isControl()
                    && file.incarnation() <= peer.incarnation()
                    && isInUse(foam.path().resolve(file.fileName()))) {
                return 0;
            }
        }
        for (Owned file : files) {
            boolean kept =
                    file.incarnation() > peer.incarnation()
                            || file.fileName().endsWith(".counters");
            if (!kept && Files.deleteIfExists(foam.path().resolve(file.fileName()))) {
                removed++;
            }
        }
        return removed;
    }

    private boolean isInUse(Path control) throws IOException {
        try {
            for (StreamView.LaneView lane : StreamView.read(control).lanes()) {
                if (lane.heldSequence() != 0 && !owners.isDead(lane.owner())) {
                    return true;
                }
            }
            return false;
        } catch (NoSuchFileException | LayoutException e) {
            return false; // whoever had it open before it was damaged keeps his mapping
        }
    }
}
