package io.fluxfoam.node;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.counters.Counters;
import io.fluxfoam.counters.FabricCounters;
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
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The nodes of the foam as one of them sees them: found by watching the directory, told alive from
 * dead by their locks, and known by their manifests. Belongs to the duty-cycle thread.
 */
final class Peers implements LaneOwners, AutoCloseable {
    private static final long RETRY_NS = 1_000_000_000L;

    private final FoamDirectory foam;
    private final String self;
    private final long selfIncarnation;
    private final Counters counters;
    private final Consumer<Exception> onError;
    private final DirectoryWatch watch;
    private final Map<String, Peer> byName = new HashMap<>();
    private final Map<Long, Peer> byHash = new HashMap<>();
    private final Set<String> refusedNames = new HashSet<>();
    private long nextAdmissionNs = Long.MAX_VALUE;
    private boolean hasEnded;

    private static final class Peer {
        private final PeerMark mark;
        private MarkView view;
        private boolean isUnreadable;
        private Optional<Manifest> manifest = Optional.empty();
        private long refusedIncarnation;
        private long nextReadNs = Long.MIN_VALUE;

        private Peer(PeerMark mark, MarkView view) {
            this.mark = mark;
            this.view = view;
        }
    }

    Peers(
            FoamDirectory foam,
            String self,
            long selfIncarnation,
            Counters counters,
            Consumer<Exception> onError) {
        this.foam = foam;
        this.self = self;
        this.selfIncarnation = selfIncarnation;
        this.counters = counters;
        this.onError = onError;
        this.watch = new DirectoryWatch(foam.path());
    }

    /**
     * Looks at all peers; returns whether something about one of them changed. No peer's damaged
     * file ends this node.
     */
    boolean refresh(long nowNs) throws IOException {
        if (watch.hasChanged() || hasEnded || nowNs >= nextAdmissionNs) {
            hasEnded = false;
            dropReplaced();
            nextAdmissionNs = admitNewcomers() ? Long.MAX_VALUE : nowNs + RETRY_NS;
        }
        boolean changed = false;
        for (Peer peer : byName.values()) {
            MarkView before = peer.view;
            peer.view = look(peer);
            countDeath(before, peer.view);
            boolean restarted = peer.view.incarnation() != before.incarnation();
            if (restarted || peer.view.state() == NodeState.STOPPED) {
                peer.manifest = Optional.empty();
                peer.nextReadNs = nowNs;
            }
            if (nowNs >= peer.nextReadNs) {
                changed |= readManifest(peer, nowNs);
            }
            changed |= restarted || peer.view.state() != before.state();
            hasEnded |= before.state().isHeld() && !peer.view.state().isHeld();
        }
        return changed;
    }

    /**
     * Keeps {@code peer.NAME.deadIncarnation}: the newest incarnation known to have ended without a
     * goodbye, be it seen DEAD or replaced between two looks, of which its successor's mark tells.
     */
    private void countDeath(MarkView before, MarkView now) {
        long dead = 0;
        if (now.state() == NodeState.DEAD) {
            dead = now.incarnation();
        } else if (now.incarnation() > before.incarnation()
                && before.state() != NodeState.STOPPED
                && !now.followsGoodbye()) {
            dead = now.incarnation() - 1;
        }
        if (dead > 0) {
            Counter newest = counters.counter(FabricCounters.PEER_DEAD_INCARNATION.of(now.name()));
            newest.set(Math.max(newest.get(), dead));
        }
    }

    /** A mark whose bytes make no sense still has a lock, and the lock decides who lives. */
    private MarkView look(Peer peer) throws IOException {
        try {
            MarkView view = peer.mark.look();
            peer.isUnreadable = false;
            return view;
        } catch (LayoutException e) {
            if (!peer.isUnreadable) {
                peer.isUnreadable = true;
                onError.accept(e);
            }
            return peer.view.withState(peer.mark.isHeld() ? NodeState.STALLED : NodeState.DEAD);
        }
    }

    /**
     * Forgets marks that were removed and made anew; those that are only gone are kept. Whose lock
     * is held is not asked: its owner ends when it misses its mark, and in a large foam every
     * newcomer would have everybody look at everybody.
     */
    private void dropReplaced() throws IOException {
        for (Iterator<Peer> peers = byName.values().iterator(); peers.hasNext(); ) {
            Peer peer = peers.next();
            if (!peer.view.state().isHeld() && !peer.mark.isCurrent()) {
                peers.remove();
                byHash.remove(OwnerKey.hash(peer.view.name()));
                peer.mark.close();
            }
        }
    }

    /** Returns whether all that are there could be admitted. */
    private boolean admitNewcomers() throws IOException {
        boolean areAllIn = true;
        for (String name : foam.nodes()) {
            if (!name.equals(self) && !byName.containsKey(name)) {
                areAllIn &= admit(name);
            }
        }
        return areAllIn;
    }

    private boolean admit(String name) {
        try {
            Peer peer = open(name);
            byName.put(name, peer);
            byHash.put(OwnerKey.hash(name), peer);
            refusedNames.remove(name);
            return true;
        } catch (NoSuchFileException e) {
            refusedNames.remove(name); // gone since the directory was read
            return true;
        } catch (IOException e) {
            boolean isNew =
                    e instanceof LayoutException layout
                            && layout.kind() == LayoutException.Kind.BEING_CREATED;
            if (!isNew && refusedNames.add(name)) {
                onError.accept(e);
            }
            return false; // such as too many open files: may pass
        }
    }

    private Peer open(String name) throws IOException {
        PeerMark mark = PeerMark.open(foam, name);
        try {
            return new Peer(mark, mark.look());
        } catch (IOException | RuntimeException | Error e) {
            mark.close();
            throw e;
        }
    }

    private boolean readManifest(Peer peer, long nowNs) {
        String name = peer.view.name();
        long incarnation = peer.view.incarnation();
        if (peer.manifest.isPresent()
                || peer.refusedIncarnation == incarnation
                || !peer.view.state().isHeld()) {
            return false;
        }
        Path copy =
                foam.path()
                        .resolve(
                                "."
                                        + FoamDirectory.fileName(
                                                self, selfIncarnation, name + ".manifest.copy"));
        try {
            Optional<Manifest> manifest =
                    ManifestFile.read(
                            foam.file(name, incarnation, "manifest"),
                            foam.file(name, incarnation, "card"),
                            copy);
            if (manifest.isPresent() && !isOf(manifest.get(), name, incarnation)) {
                throw new IOException(
                        "a manifest of somebody else: node="
                                + name
                                + " incarnation="
                                + incarnation
                                + " says node="
                                + manifest.get().node()
                                + " incarnation="
                                + manifest.get().incarnation());
            }
            peer.manifest = manifest;
        } catch (LayoutException e) {
            peer.refusedIncarnation = incarnation;
            onError.accept(e);
        } catch (IOException e) { // our own trouble, such as a full device: may pass
            peer.nextReadNs = nowNs + RETRY_NS;
            onError.accept(e);
        }
        return peer.manifest.isPresent();
    }

    private static boolean isOf(Manifest manifest, String name, long incarnation) {
        return manifest.node().equals(name) && manifest.incarnation() == incarnation;
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
        return new PeerView(
                view.name(), view.role(), view.state(), view.incarnation(), peer.manifest);
    }

    /**
     * A lane's owner is dead if its name is known and now has a free lock or another incarnation.
     * The last look tells, since nobody comes back from the dead under an old incarnation; the lock
     * is asked only about one that began after that look.
     */
    @Override
    public boolean isDead(long owner) {
        if (OwnerKey.hash(owner) == OwnerKey.hash(self)) {
            return OwnerKey.incarnation(owner) != selfIncarnation;
        }
        Peer peer = byHash.get(OwnerKey.hash(owner));
        if (peer == null) {
            return false;
        }
        long incarnation = OwnerKey.incarnation(owner);
        if (incarnation <= peer.view.incarnation()) {
            return incarnation < peer.view.incarnation() || !peer.view.state().isHeld();
        }
        try {
            return peer.mark.hasEnded(incarnation);
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
