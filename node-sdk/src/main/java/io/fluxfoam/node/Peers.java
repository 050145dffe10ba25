package io.fluxfoam.node;

import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.liveness.PeerMark;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.ManifestFile;
import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.stream.LaneOwners;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The nodes of the foam as one of them sees them: found by watching the directory, told alive from dead by their locks, and
 * known by their manifests. Belongs to the duty-cycle thread.
 */
final class Peers implements LaneOwners, AutoCloseable {
    private final FoamDirectory foam;
    private final String self;
    private final long selfIncarnation;
    private final Consumer<Exception> onError;
    private final DirectoryWatch watch;
    private final Map<String, Peer> byName = new HashMap<>();
    private final Map<Long, Peer> byHash = new HashMap<>();

    private static final class Peer {
        private final PeerMark mark;
        private MarkView view;
        private Optional<Manifest> manifest = Optional.empty();
        private long refusedIncarnation;

        private Peer(PeerMark mark, MarkView view) {
            this.mark = mark;
            this.view = view;
        }
    }

    Peers(FoamDirectory foam, String self, long selfIncarnation, Consumer<Exception> onError) {
        this.foam = foam;
        this.self = self;
        this.selfIncarnation = selfIncarnation;
        this.onError = onError;
        this.watch = new DirectoryWatch(foam.path());
    }

    /** Looks at all peers; returns whether something about one of them changed. */
    boolean refresh() throws IOException {
        boolean namesChanged = watch.hasChanged();
        if (namesChanged) {
            admitNewcomers();
        }
        boolean changed = false;
        for (Peer peer : byName.values()) {
            MarkView before = peer.view;
            peer.view = peer.mark.look();
            boolean restarted = peer.view.incarnation() != before.incarnation();
            if (restarted) {
                peer.manifest = Optional.empty();
            }
            if (restarted || namesChanged || peer.manifest.isEmpty()) {
                changed |= readManifest(peer);
            }
            changed |= restarted || peer.view.state() != before.state();
        }
        return changed;
    }

    private void admitNewcomers() throws IOException {
        for (String name : foam.nodes()) {
            if (name.equals(self) || byName.containsKey(name)) {
                continue;
            }
            try {
                PeerMark mark = PeerMark.open(foam, name);
                Peer peer = new Peer(mark, mark.look());
                byName.put(name, peer);
                byHash.put(OwnerKey.hash(name), peer);
            } catch (NoSuchFileException e) {
                continue; // gone since the directory was read
            } catch (LayoutException e) {
                if (e.kind() != LayoutException.Kind.BEING_CREATED) {
                    onError.accept(e);
                }
            }
        }
    }

    private boolean readManifest(Peer peer) {
        String name = peer.view.name();
        long incarnation = peer.view.incarnation();
        if (peer.manifest.isPresent() || peer.refusedIncarnation == incarnation || !peer.view.state().isHeld()) {
            return false;
        }
        Path copy = foam.path().resolve("." + FoamDirectory.fileName(self, selfIncarnation, name + ".manifest.copy"));
        try {
            peer.manifest = ManifestFile.read(foam.file(name, incarnation, "manifest"), copy);
        } catch (IOException e) {
            peer.refusedIncarnation = incarnation;
            onError.accept(e);
        }
        return peer.manifest.isPresent();
    }

    Optional<PeerView> peer(String name) {
        return Optional.ofNullable(byName.get(name)).map(Peers::viewOf);
    }

    Collection<PeerView> all() {
        Collection<PeerView> views = new ArrayList<>(byName.size());
        for (Peer peer : byName.values()) {
            views.add(viewOf(peer));
        }
        return views;
    }

    private static PeerView viewOf(Peer peer) {
        MarkView view = peer.view;
        return new PeerView(view.name(), view.role(), view.state(), view.incarnation(), peer.manifest);
    }

    /** A lane's owner is dead if its name is known and now has a free lock or another incarnation. */
    @Override
    public boolean isDead(long owner) {
        if (OwnerKey.hash(owner) == OwnerKey.hash(self)) {
            return OwnerKey.incarnation(owner) != selfIncarnation;
        }
        Peer peer = byHash.get(OwnerKey.hash(owner));
        if (peer == null) {
            return false;
        }
        try {
            MarkView now = peer.mark.look();
            NodeState state = now.state();
            return !state.isHeld() || now.incarnation() > OwnerKey.incarnation(owner);
        } catch (IOException e) {
            onError.accept(e);
            return false;
        }
    }

    @Override
    public void close() {
        byName.values().forEach(peer -> peer.mark.close());
    }
}
