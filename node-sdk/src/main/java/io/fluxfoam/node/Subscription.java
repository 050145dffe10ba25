package io.fluxfoam.node;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.counters.Counters;
import io.fluxfoam.counters.FabricCounters;
import io.fluxfoam.device.Device;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.StreamCard;
import io.fluxfoam.memory.Futex;
import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamHeader;
import io.fluxfoam.stream.StreamReader;
import io.fluxfoam.stream.WaitMode;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/**
 * Reads a peer's stream through all of the peer's lives: it may not be there yet, die, and come
 * back. Belongs to the duty-cycle thread.
 */
public final class Subscription implements AutoCloseable {
    private static final long RETRY_NS = 1_000_000_000L;

    /** After this many unwanted commits in one poll the duty cycle gets its turn. */
    private static final int MAX_PASSED = 1_000;

    private final FoamDirectory foam;
    private final String node;
    private final String stream;
    private final ReadMode mode;
    private final Device device;
    private final WaitMode waitMode;
    private final int distance;
    private final long owner;
    private final Peers peers;
    private final Consumer<Exception> onError;
    private final Counter leases;
    private final Counter missed;
    private final Counter behind;
    private final Counter torn;
    private final Counter joins;
    private final Counter copiedBytes;
    private LongPredicate wanted = frameNumber -> true;
    private @Nullable StreamReader reader;
    private boolean hasJoined;
    private boolean isDrained;
    private long drainedFor;
    private long missedBefore;
    private long copiedBytesBefore;
    private long refusedIncarnation;
    private long nextJoinNs = Long.MIN_VALUE;
    private String lastRefusal = "";
    private @Nullable StreamReader listenedTo;
    private int doorbellHeard;
    private boolean wasPending;
    private boolean wakesUs = true;

    /**
     * What is wanted.
     *
     * @param target {@code NODE/STREAM}
     * @param waitMode how to wait for a GPU
     * @param distance slots to stay behind the newest one, at least
     */
    record Request(String target, ReadMode mode, WaitMode waitMode, int distance) {}

    Subscription(
            FoamDirectory foam,
            Request request,
            Device device,
            long owner,
            Peers peers,
            Counters counters,
            Consumer<Exception> onError) {
        String target = request.target();
        int slash = target.indexOf('/');
        if (slash < 1 || slash == target.length() - 1) {
            throw new IllegalArgumentException("wanted NODE/STREAM: target=" + target);
        }
        this.foam = foam;
        this.node = target.substring(0, slash);
        this.stream = target.substring(slash + 1);
        this.mode = request.mode();
        this.device = device;
        this.waitMode = request.waitMode();
        this.distance = request.distance();
        this.owner = owner;
        this.peers = peers;
        this.onError = onError;
        this.leases = counters.counter(FabricCounters.READ_LEASES.of(target));
        this.missed = counters.counter(FabricCounters.READ_MISSED.of(target));
        this.behind = counters.counter(FabricCounters.READ_BEHIND.of(target));
        this.torn = counters.counter(FabricCounters.READ_TORN.of(target));
        this.joins = counters.counter(FabricCounters.READ_JOINS.of(target));
        this.copiedBytes = counters.counter(FabricCounters.READ_COPIED_BYTES.of(target));
    }

    /**
     * Passes over all commits but those of wanted frames: their payload is never opened, not even
     * for its checksum.
     *
     * @param wantedFrames tells by frame number
     */
    public Subscription onlyFrames(LongPredicate wantedFrames) {
        wanted = wantedFrames;
        return this;
    }

    /**
     * Leases the next commit; null if there is none. A slot whose bytes do not have the checksum of
     * their header is counted as torn and not given out.
     */
    public @Nullable Lease poll() {
        if (reader == null) {
            return null;
        }
        Lease lease = reader.poll();
        for (int passed = 0; lease != null && !wanted.test(lease.frameNumber()); passed++) {
            lease.close();
            if (passed == MAX_PASSED) {
                return null;
            }
            lease = reader.poll();
        }
        if (lease == null) {
            isDrained = !reader.isPending();
            return null;
        }
        leases.increment();
        missed.set(missedBefore + reader.missed());
        if (!lease.isIntact()) {
            torn.increment();
            onError.accept(
                    new IOException(
                            "torn tensor: stream="
                                    + node
                                    + "/"
                                    + stream
                                    + " incarnation="
                                    + lease.incarnation()));
            lease.close();
            return null;
        }
        return lease;
    }

    /**
     * Joins the peer's newest incarnation if there is one that we do not read yet. For the control
     * plane.
     */
    void rejoin(long nowNs) {
        copiedBytes.set(copiedBytes());
        behind.set(behind());
        letGoOfTheDead();
        Optional<Manifest> manifest = peers.peer(node).flatMap(PeerView::manifest);
        if (manifest.isEmpty() || isUpToDate(manifest.get().incarnation()) || nowNs < nextJoinNs) {
            return;
        }
        if (reader != null && !isReadToItsEnd(reader, manifest.get().incarnation())) {
            return;
        }
        Optional<StreamCard> card = manifest.get().stream(stream);
        if (card.isEmpty()) {
            return;
        }
        try {
            join(open(manifest.get(), card.get()));
        } catch (NoSuchFileException e) {
            nextJoinNs = nowNs + RETRY_NS; // its writer is gone and was swept since we looked
        } catch (LayoutException e) {
            refusedIncarnation = manifest.get().incarnation();
            onError.accept(e);
        } catch (IOException e) {
            if (isGone(manifest.get(), card.get())) {
                refusedIncarnation = manifest.get().incarnation();
                return;
            }
            nextJoinNs = nowNs + RETRY_NS; // for example no lane is free: may pass
            if (!e.toString().equals(lastRefusal)) {
                lastRefusal = e.toString();
                onError.accept(e);
            }
        }
    }

    /** Memory of a GPU dies with its owner. */
    private boolean isGone(Manifest manifest, StreamCard card) {
        return !card.device().equals("host")
                && peers.isDead(OwnerKey.of(node, manifest.incarnation()));
    }

    /**
     * What an incarnation has left is read before the next one; it is all read when a poll finds
     * nothing more.
     */
    private boolean isReadToItsEnd(StreamReader current, long nextIncarnation) {
        if (drainedFor != nextIncarnation) {
            drainedFor = nextIncarnation;
            isDrained = false;
        }
        return !current.isLeasing()
                && (mode == ReadMode.LATEST
                        || isDrained
                        || !current.hasNews() && !current.isPending());
    }

    private StreamReader open(Manifest manifest, StreamCard card) throws IOException {
        boolean fromOldest = mode == ReadMode.FROM_OLDEST || hasJoined && mode == ReadMode.IN_ORDER;
        StreamReader.Join join =
                new StreamReader.Join(mode, owner, peers, fromOldest, device, waitMode, distance);
        StreamReader next = StreamReader.open(foam, card.controlFile(), join);
        StreamHeader header = next.header();
        if (header.node().equals(node)
                && header.spec().name().equals(stream)
                && header.incarnation() == manifest.incarnation()) {
            return next;
        }
        next.close();
        throw new LayoutException(
                LayoutException.Kind.CORRUPT,
                foam.path().resolve(card.controlFile()),
                "of node="
                        + header.node()
                        + " stream="
                        + header.spec().name()
                        + " incarnation="
                        + header.incarnation());
    }

    private void join(StreamReader next) {
        close();
        reader = next;
        hasJoined = true;
        lastRefusal = "";
        joins.increment();
    }

    /**
     * What a dead peer left stays taken until the last reader lets go: it is let go when nothing in
     * it is left to read.
     */
    private void letGoOfTheDead() {
        if (reader != null
                && !reader.isLeasing()
                && !reader.isReleasing()
                && !reader.hasNews()
                && peers.isDead(OwnerKey.of(node, reader.header().incarnation()))) {
            refusedIncarnation = reader.header().incarnation();
            close();
        }
    }

    private boolean isUpToDate(long incarnation) {
        return incarnation == refusedIncarnation
                || reader != null && reader.header().incarnation() == incarnation;
    }

    /**
     * Whether the stream is open, be its writer alive or dead. What a dead one left is closed once
     * it has been read.
     */
    public boolean connected() {
        return reader != null;
    }

    /** Incarnation of the writer whose stream is open, 0 if none is. */
    public long incarnation() {
        return reader == null ? 0 : reader.header().incarnation();
    }

    /** Commits that went by unread, over all incarnations. */
    public long missed() {
        return missedBefore + (reader == null ? 0 : reader.missed());
    }

    /** Commits of the open incarnation that came after the last one leased; 0 if none is open. */
    public long behind() {
        return reader == null ? 0 : reader.behind();
    }

    /** Bytes that had to be copied from one device to another, over all incarnations. */
    public long copiedBytes() {
        return copiedBytesBefore + (reader == null ? 0 : reader.copiedBytes());
    }

    /** Whether something will come soon without another ring of the doorbell. */
    boolean isPending() {
        return reader != null && reader.isPending();
    }

    public String node() {
        return node;
    }

    /**
     * Lets the commits of this stream end no sleep: for what may wait until the duty cycle turns
     * for another reason, 400 ms at most.
     */
    public Subscription withoutWakeup() {
        wakesUs = false;
        return this;
    }

    /**
     * Remembers the doorbell before a turn, so that {@link #prepareSleep} can tell whether it rang
     * since.
     */
    void listen() {
        listenedTo = reader;
        if (reader != null && wakesUs) {
            doorbellHeard = reader.listen();
            wasPending = reader.isPending();
        }
    }

    /**
     * Announces a sleep; false if there was a commit since {@link #listen}. What the agent left
     * unread before, by choice or because it holds a lease, keeps nobody awake.
     */
    boolean prepareSleep(Futex.Waiter waiter) {
        if (reader == null || !wakesUs) {
            return true;
        }
        if (reader != listenedTo || reader.prepareSleep() != doorbellHeard) {
            return false;
        }
        if (wasPending && !reader.isPending()) {
            return false; // what a GPU ended since we looked rang no doorbell
        }
        waiter.add(reader.doorbell(), doorbellHeard);
        return true;
    }

    void endSleep() {
        if (reader != null && wakesUs) {
            reader.endSleep();
        }
    }

    @Override
    public void close() {
        if (reader != null) {
            missedBefore += reader.missed();
            copiedBytesBefore += reader.copiedBytes();
            reader.close();
            reader = null;
        }
    }
}
