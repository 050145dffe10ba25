package io.fluxfoam.cli.tape;

import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.StreamCard;
import io.fluxfoam.manifest.StreamFilter;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.PeerView;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.tape.TapeState;
import io.fluxfoam.tape.TapeWriter;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Records a foam: a reader among others, which leases each commit, writes it to the tape straight
 * from the lease, and lets it go. Streams are merged by the time of their commits: what was
 * committed before a look began was seen by that look, so among what is older than the look nothing
 * can still come in between.
 */
public final class Recorder implements NodeAgent {
    /** What a tool is in its mark and manifest. */
    public static final String ROLE = "tool";

    private static final long LOOK_EVERY_NS = 20_000_000L;
    private static final long JOURNALS_EVERY_NS = 1_000_000_000L;
    private static final int MAX_TENSORS_PER_TURN = 64;
    private static final double MEBIBYTE = 1 << 20;

    private final TapeWriter tape;
    private final StreamFilter wanted;
    private final RecordedJournals journals;
    private final Consumer<String> out;
    private final Runnable onEnd;
    private final Map<String, RecordedNode> nodes = new TreeMap<>();
    private final List<RecordedStream> streams = new ArrayList<>();
    private Node node;
    private long nextLookNs = Long.MIN_VALUE;
    private long nextJournalsNs = Long.MIN_VALUE;
    private boolean hasEnded;

    /**
     * A recorder to this tape, which it closes.
     *
     * @param journals directory of the foam's journals
     * @param out takes a line for each event
     * @param onEnd called once, when the limit has been reached
     */
    public Recorder(
            TapeWriter tape,
            StreamFilter wanted,
            Path journals,
            Consumer<String> out,
            Runnable onEnd) {
        this.tape = tape;
        this.wanted = wanted;
        this.journals = new RecordedJournals(journals, tape);
        this.out = out;
        this.onEnd = onEnd;
    }

    @Override
    public void onStart(Node owner) {
        node = owner;
    }

    @Override
    public int doWork() throws IOException {
        if (hasEnded) {
            return 0;
        }
        try {
            return turn(System.nanoTime());
        } catch (IOException e) {
            finishQuietly(e);
            throw e;
        }
    }

    /** A full device may have room for the end of a file that it has no room for a tensor in. */
    private void finishQuietly(IOException reason) {
        try {
            tape.close();
        } catch (IOException e) {
            reason.addSuppressed(e); // the next recorder finishes it
        }
    }

    private int turn(long nowNs) throws IOException {
        boolean isWithinLimit = look(nowNs);
        for (RecordedStream stream : streams) {
            stream.fill(tape.state(), nowNs);
        }
        for (RecordedNode peer : nodes.values()) {
            isWithinLimit = isWithinLimit && peer.advance();
        }
        int count = 0;
        while (isWithinLimit && count < MAX_TENSORS_PER_TURN) {
            RecordedStream next = earliest(nowNs);
            if (next == null) {
                break;
            }
            isWithinLimit = record(next, nowNs);
            count++;
        }
        if (!isWithinLimit) {
            hasEnded = true;
            out.accept("limit reached");
            onEnd.run();
        }
        return count + (streams.stream().anyMatch(stream -> stream.lease() != null) ? 1 : 0);
    }

    private boolean look(long nowNs) throws IOException {
        if (nowNs - nextLookNs < 0 && nextLookNs != Long.MIN_VALUE) {
            return true;
        }
        nextLookNs = nowNs + LOOK_EVERY_NS;
        for (PeerView peer : node.peers()) {
            see(peer);
        }
        if (nowNs - nextJournalsNs >= 0 || nextJournalsNs == Long.MIN_VALUE) {
            nextJournalsNs = nowNs + JOURNALS_EVERY_NS;
            return readJournals();
        }
        return true;
    }

    private void see(PeerView peer) {
        RecordedNode recorded =
                nodes.computeIfAbsent(peer.name(), name -> new RecordedNode(name, node, tape));
        recorded.see(peer);
        for (StreamCard card : peer.manifest().map(Manifest::streams).orElse(List.of())) {
            if (wanted.matches(peer.name() + "/" + card.name()) && !recorded.records(card.name())) {
                RecordedStream stream =
                        new RecordedStream(node, peer.name(), card.name(), tape.state());
                recorded.add(stream);
                streams.add(stream);
            }
        }
    }

    private boolean readJournals() throws IOException {
        boolean isWithinLimit = true;
        for (String peer : nodes.keySet()) {
            isWithinLimit = isWithinLimit && journals.read(peer);
        }
        return isWithinLimit;
    }

    /** The stream whose leased commit is the oldest of all, if it is older than this look. */
    private RecordedStream earliest(long nowNs) {
        RecordedStream earliest = null;
        long earliestNs = nowNs;
        for (RecordedStream stream : streams) {
            if (stream.lease() != null) {
                long committedNs = stream.committedNs(nowNs);
                if (committedNs <= earliestNs) {
                    earliest = stream;
                    earliestNs = committedNs;
                }
            }
        }
        return earliest;
    }

    private boolean record(RecordedStream stream, long nowNs) throws IOException {
        TapeState state = tape.state();
        Lease lease = stream.lease();
        long incarnation = lease.incarnation();
        boolean isKnown = nodes.get(stream.node()).require(incarnation);
        StreamCard card =
                state.living(stream.node())
                        .filter(manifest -> manifest.incarnation() == incarnation)
                        .flatMap(manifest -> manifest.stream(stream.name()))
                        .orElse(null);
        if (!isKnown || card == null) {
            stream.pass(); // it was born and died between two looks
            return true;
        }
        long before = state.sequence(stream.target(), incarnation);
        if (!tape.tensor(stream.node(), card, lease)) {
            return false;
        }
        stream.recorded(before, stream.committedNs(nowNs));
        stream.fill(state, nowNs);
        return true;
    }

    @Override
    public void onStop() throws IOException {
        if (!hasEnded) {
            readJournals();
        }
        journals.close();
        tape.close();
        out.accept(summary());
    }

    private String summary() {
        long tensors = 0;
        long lost = 0;
        List<String> losses = new ArrayList<>();
        List<String> unread = new ArrayList<>();
        for (RecordedStream stream : streams) {
            tensors += stream.tensors();
            lost += stream.lost();
            if (stream.lost() > 0) {
                losses.add(stream.target() + "=" + stream.lost());
            }
            if (stream.tensors() == 0 && !stream.isConnected()) {
                unread.add(stream.target());
            }
        }
        return String.format(
                Locale.ROOT,
                "recorded: tensors=%d streams=%d journalLines=%d lost=%d%s%s, the tape has %.1f MiB",
                tensors,
                streams.size(),
                journals.lines(),
                lost,
                losses.isEmpty() ? "" : " (" + String.join(" ", losses) + ")",
                unread.isEmpty() ? "" : " neverRead=" + String.join(",", unread),
                tape.bytes() / MEBIBYTE);
    }
}
