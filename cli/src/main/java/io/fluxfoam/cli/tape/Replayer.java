package io.fluxfoam.cli.tape;

import io.fluxfoam.launch.Commands;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NameTakenException;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.StreamFilter;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.PeerView;
import io.fluxfoam.tape.TapeEntry;
import io.fluxfoam.tape.TapeReader;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Plays a tape: joins the recorded nodes, publishes what they did in the order in which it
 * happened, and ends them as they ended. All of them live in this one process, on its one thread:
 * so the order is the tape's.
 */
public final class Replayer implements NodeAgent {
    private static final long TURN_NS = 10_000_000L;
    private static final long SAY_WAITING_NS = 10_000_000_000L;
    private static final int ALL_UNREAD = Integer.MAX_VALUE;

    private final TapeReader tape;
    private final StreamFilter wanted;
    private final Speed speed;
    private final long fromNs;
    private final Set<String> awaited;
    private final boolean isLockstep;
    private final boolean isAgain;

    /** The lives of those that are awaited to which the tape is played this time. */
    private final Map<String, Long> audience = new HashMap<>();

    private final Consumer<String> out;
    private final Runnable onEnd;
    private final Map<String, PlayedNode> playing = new LinkedHashMap<>();
    private final List<PlayedNode> departed = new ArrayList<>();
    private final Map<String, Set<Long>> readersBefore = new HashMap<>();

    /** Those that live at the place from which the tape is played. */
    private final Map<String, Manifest> skipped = new TreeMap<>();

    private final Set<String> left = new TreeSet<>();
    private Node node;
    private TapeEntry pending;
    private boolean hasBegun;
    private boolean hasEnded;
    private long firstNs;
    private long startNs;
    private long latestNs;
    private long waitingSinceNs;
    private boolean isWaitSaid;
    private long tensors;
    private long refused;
    private long incarnations;
    private long rewinds;

    /**
     * What is to be played, and how.
     *
     * @param fromNs where to begin, after the tape's first entry
     * @param awaited nodes that have to be there, and to read what they say that they read, before
     *     anything is played
     * @param isLockstep whether each commit waits until all that came before it, on whichever
     *     stream, has been taken: then the readers' order is the tape's too
     * @param isAgain whether the tape is played again from its beginning when a node that is
     *     awaited has died and come back
     */
    public record Plan(
            StreamFilter wanted,
            Speed speed,
            long fromNs,
            List<String> awaited,
            boolean isLockstep,
            boolean isAgain) {}

    /**
     * A player of this tape, which it closes.
     *
     * @param out takes a line for each event
     * @param onEnd called once, when all is played
     */
    public Replayer(TapeReader tape, Plan plan, Consumer<String> out, Runnable onEnd) {
        this.tape = tape;
        this.wanted = plan.wanted();
        this.speed = plan.speed();
        this.fromNs = plan.fromNs();
        this.awaited = Set.copyOf(plan.awaited());
        this.isLockstep = plan.isLockstep();
        this.isAgain = plan.isAgain();
        this.out = out;
        this.onEnd = onEnd;
    }

    @Override
    public void onStart(Node owner) {
        node = owner;
    }

    @Override
    public int doWork() throws IOException {
        long nowNs = System.nanoTime();
        for (PlayedNode played : playing.values()) {
            played.turn(nowNs);
        }
        if (hasEnded) {
            return 0;
        }
        int count = 0;
        while (!hasEnded && System.nanoTime() - nowNs < TURN_NS && play()) {
            count++;
        }
        return count;
    }

    /** Plays the next entry if it is its turn. */
    private boolean play() throws IOException {
        if (isAgain && hasLostAudience()) {
            rewind();
        }
        if (pending == null) {
            pending = tape.next();
        }
        if (pending == null) {
            return finish();
        }
        if (!hasBegun) {
            hasBegun = true;
            firstNs = pending.wallNs();
        }
        if (pending.wallNs() - firstNs < fromNs) {
            skip(pending);
            pending = null;
            return true;
        }
        joinSkipped();
        if (!isDue(pending) || !isSeen() || !play(pending)) {
            return false;
        }
        pending = null;
        waitingSinceNs = 0;
        isWaitSaid = false;
        return true;
    }

    /** Whether one of those that are awaited is another one by now, or dead; asks the kernel. */
    private boolean hasLostAudience() throws IOException {
        if (tensors == 0) {
            return false;
        }
        FoamDirectory foam = FoamDirectory.open(node.foam());
        for (String name : awaited) {
            MarkView now = MarkView.read(foam, name);
            long known = audience.computeIfAbsent(name, key -> now.incarnation());
            if (!now.state().isHeld() || now.incarnation() != known) {
                return true;
            }
        }
        return false;
    }

    /** To the beginning: nothing has been played of this time. */
    private void rewind() throws IOException {
        for (String name : List.copyOf(playing.keySet())) {
            drop(name, true);
        }
        departed.forEach(PlayedNode::close);
        departed.clear();
        readersBefore.clear();
        skipped.clear();
        audience.clear();
        tape.rewind();
        pending = null;
        hasBegun = false;
        startNs = 0;
        latestNs = 0;
        tensors = 0;
        incarnations = 0;
        refused = 0;
        rewinds++;
        out.accept("plays the tape again: who it was played for has died");
    }

    /**
     * What has been before the place from which the tape is played: only who lives there counts.
     */
    private void skip(TapeEntry entry) {
        switch (entry) {
            case TapeEntry.Joined joined ->
                    skipped.put(joined.manifest().node(), joined.manifest());
            case TapeEntry.Ended ended -> skipped.remove(ended.node());
            case TapeEntry.Session _, TapeEntry.Noted _, TapeEntry.Tensor _ -> {}
        }
    }

    private void joinSkipped() throws IOException {
        for (Manifest manifest : skipped.values()) {
            join(manifest);
        }
        skipped.clear();
    }

    /**
     * Whether the readers have taken notice of who has come and gone: so each of them learns of it
     * at the same place of the tape, however fast it is played. Only at full speed.
     */
    private boolean isSeen() {
        if (!speed.isMax()) {
            departed.forEach(PlayedNode::close);
            departed.clear();
            return true;
        }
        for (PlayedNode gone : List.copyOf(departed)) {
            for (PlayedStream stream : gone.streams()) {
                if (mustWait(stream, living(stream), true)) {
                    return false;
                }
            }
            departed.remove(gone);
            gone.close();
            waitingSinceNs = 0;
        }
        for (PlayedNode played : playing.values()) {
            for (PlayedStream stream : played.streams()) {
                if (mustWait(stream, stream.missing(others(), awaited), false)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** A living node that still reads a stream whose writer has gone. */
    private Optional<Long> living(PlayedStream stream) {
        Set<Long> readers = stream.readers();
        return others().stream()
                .filter(peer -> peer.state().isHeld())
                .map(peer -> OwnerKey.of(peer.name(), peer.incarnation()))
                .filter(readers::contains)
                .findFirst();
    }

    private boolean isDue(TapeEntry entry) {
        latestNs = Math.max(latestNs, entry.wallNs());
        if (speed.isMax()) {
            return true;
        }
        if (startNs == 0) {
            startNs = System.nanoTime() - (long) (fromNs / speed.factor());
        }
        return System.nanoTime() - startNs >= (latestNs - firstNs) / speed.factor();
    }

    private boolean play(TapeEntry entry) throws IOException {
        return switch (entry) {
            case TapeEntry.Joined joined -> {
                join(joined.manifest());
                yield true;
            }
            case TapeEntry.Ended ended -> end(ended);
            case TapeEntry.Tensor tensor -> commit(tensor);
            case TapeEntry.Session _, TapeEntry.Noted _ -> true;
        };
    }

    private void join(Manifest manifest) throws IOException {
        String name = manifest.node();
        PlayedNode before = playing.get(name);
        boolean isWanted =
                manifest.streams().stream()
                        .anyMatch(card -> wanted.matches(name + "/" + card.name()));
        if (!isWanted || left.contains(name)) {
            return;
        }
        if (before != null && before.incarnation() == manifest.incarnation()) {
            return; // said again at the start of a file
        }
        if (before != null) {
            drop(name, false); // its end was in what is damaged
        }
        try {
            PlayedNode played = PlayedNode.join(node.foam(), manifest, wanted, rewinds > 0);
            playing.put(name, played);
            incarnations++;
            for (PlayedStream stream : played.streams()) {
                stream.expect(readersBefore.getOrDefault(stream.target(), Set.of()));
            }
        } catch (NameTakenException e) {
            left.add(name);
            out.accept("not played: " + Commands.reason(e));
        }
    }

    /**
     * A death comes when all has been read that came before it: readers of the tape lose nothing.
     */
    private boolean end(TapeEntry.Ended ended) throws IOException {
        PlayedNode played = playing.get(ended.node());
        if (played == null || played.incarnation() != ended.incarnation()) {
            return true;
        }
        if (speed.isMax() && !isRead(played)) {
            return false;
        }
        drop(ended.node(), ended.cleanly());
        return true;
    }

    private boolean isRead(PlayedNode played) {
        for (PlayedStream stream : played.streams()) {
            if (mustWait(stream, stream.outrun(0, others(), awaited), true)) {
                return false;
            }
        }
        return true;
    }

    private void drop(String name, boolean cleanly) throws IOException {
        PlayedNode played = playing.remove(name);
        for (PlayedStream stream : played.streams()) {
            readersBefore.put(stream.target(), stream.readers());
        }
        played.depart(cleanly);
        departed.add(played);
    }

    private boolean commit(TapeEntry.Tensor tensor) {
        PlayedNode played = playing.get(tensor.node());
        PlayedStream stream =
                played == null || played.incarnation() != tensor.incarnation()
                        ? null
                        : played.stream(tensor.stream());
        if (stream == null) {
            boolean isKnown = !wanted.matches(tensor.target()) || left.contains(tensor.node());
            refused += isKnown ? 0 : 1;
            return true;
        }
        if (speed.isMax() && !mayCommit(stream)) {
            return false;
        }
        try {
            stream.commit(tensor);
            tensors++;
        } catch (IllegalArgumentException e) {
            refused++;
        }
        return true;
    }

    private boolean mayCommit(PlayedStream next) {
        if (!isLockstep) {
            return !mustWait(next, next.outrun(ALL_UNREAD, others(), awaited), false);
        }
        for (PlayedNode played : playing.values()) {
            for (PlayedStream stream : played.streams()) {
                if (mustWait(stream, stream.outrun(0, others(), awaited), false)) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * Whether there is a reader to wait for; says so if it takes long.
     *
     * @param owner whom to wait for, if for anybody
     * @param isEnd whether the stream ends, so that it may go on without him: he keeps what it left
     */
    private boolean mustWait(PlayedStream stream, Optional<Long> owner, boolean isEnd) {
        Collection<PeerView> peers = others();
        Optional<String> whom = owner.map(key -> name(key, peers)).or(() -> absent(peers));
        if (whom.isEmpty()) {
            return false;
        }
        long nowNs = System.nanoTime();
        waitingSinceNs = waitingSinceNs == 0 ? nowNs : waitingSinceNs;
        boolean isLong = nowNs - waitingSinceNs > SAY_WAITING_NS;
        boolean goesOn = isLong && isEnd;
        if (isLong && !isWaitSaid) {
            isWaitSaid = true;
            String what = goesOn ? "waits no longer for " : "waits for ";
            out.accept(what + whom.get() + " to read " + stream.target());
        }
        return !goesOn;
    }

    /**
     * The peers but for those that are played here: what they read is recorded, they read nothing.
     */
    private Collection<PeerView> others() {
        return node.peers().stream().filter(peer -> !playing.containsKey(peer.name())).toList();
    }

    private static String name(long owner, Collection<PeerView> peers) {
        for (PeerView peer : peers) {
            if (OwnerKey.hash(owner) == OwnerKey.hash(peer.name())) {
                return peer.name();
            }
        }
        return "a node that is not known";
    }

    private Optional<String> absent(Collection<PeerView> peers) {
        if (tensors > 0) {
            return Optional.empty();
        }
        Set<String> missing = new HashSet<>(awaited);
        for (PeerView peer : peers) {
            if (peer.state().isHeld() && peer.manifest().isPresent()) {
                missing.remove(peer.name());
            }
        }
        return missing.stream().findFirst();
    }

    private boolean finish() throws IOException {
        for (PlayedNode played : playing.values()) {
            if (speed.isMax() && !isRead(played)) {
                return false;
            }
        }
        if (isAgain && hasLostAudience()) {
            return false; // by its lanes all was read, but they were freed by its death
        }
        hasEnded = true;
        onEnd.run();
        return true;
    }

    @Override
    public void onStop() throws IOException {
        for (String name : List.copyOf(playing.keySet())) {
            drop(name, true);
        }
        departed.forEach(PlayedNode::close);
        tape.close();
        out.accept(
                String.format(
                        Locale.ROOT,
                        "played: tensors=%d incarnations=%d%s",
                        tensors,
                        incarnations,
                        refused == 0 ? "" : " leftOut=" + refused));
    }
}
