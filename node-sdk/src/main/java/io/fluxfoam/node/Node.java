package io.fluxfoam.node;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.counters.Counters;
import io.fluxfoam.counters.FabricCounters;
import io.fluxfoam.device.Device;
import io.fluxfoam.journal.Journal;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.Mark;
import io.fluxfoam.liveness.MarkLock;
import io.fluxfoam.liveness.Names;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.ManifestFile;
import io.fluxfoam.manifest.StreamCard;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamHeader;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.stream.WaitMode;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One life of a node: what its agent reaches the foam through. Everything here belongs to the
 * duty-cycle thread, except {@link #error}, {@link #wake} and what only returns a constant.
 */
public final class Node {
    private static final long CONTROL_EVERY_NS = 50_000_000L;
    private static final long SWEEP_EVERY_NS = 1_000_000_000L;

    private final NodeContext context;
    private final FoamDirectory foam;
    private final Mark mark;
    private final Device device;
    private final Counters counters;
    private final Peers peers;
    private final Cleaner cleaner;
    private final Path manifestFile;
    private final Path cardFile;
    private final WakeSignal wakeSignal = new WakeSignal();
    private final List<StreamWriter> writers = new ArrayList<>();
    private final List<Counter> copies = new ArrayList<>();
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final Map<String, String> attributes = new TreeMap<>();
    private final Set<String> reads = new LinkedHashSet<>();
    private @Nullable Journal journal;
    private boolean isConcluded;
    private long nextControlNs = Long.MIN_VALUE;
    private long nextSweepNs = Long.MIN_VALUE;

    private Node(NodeContext context, FoamDirectory foam, Mark mark) throws IOException {
        this.context = context;
        this.foam = foam;
        this.mark = mark;
        this.device = Device.of(context.device());
        Cleaner.removeOlder(foam, context.name(), mark.incarnation());
        this.counters =
                Counters.create(
                        foam.file(context.name(), mark.incarnation(), "counters"),
                        mark.incarnation());
        this.peers = new Peers(foam, context.name(), mark.incarnation(), counters, this::error);
        this.cleaner = new Cleaner(foam, peers, this::error);
        this.manifestFile = foam.file(context.name(), mark.incarnation(), "manifest");
        this.cardFile = foam.file(context.name(), mark.incarnation(), "card");
    }

    /** Takes the node's name in its foam and begins a new incarnation. */
    static Node join(NodeContext context) throws IOException {
        context.conclude();
        FoamDirectory foam = FoamDirectory.create(context.foam());
        return join(context, foam, MarkLock.take(foam, context.name()));
    }

    /** The same with a name that was taken. */
    static Node join(NodeContext context, MarkLock name) throws IOException {
        context.conclude();
        return join(context, FoamDirectory.open(context.foam()), name);
    }

    private static Node join(NodeContext context, FoamDirectory foam, MarkLock name)
            throws IOException {
        Mark mark =
                Mark.begin(
                        name,
                        context.role(),
                        Device.resolve(context.device()),
                        context.command().toArray(String[]::new),
                        context.leastIncarnation());
        try {
            return new Node(context, foam, mark);
        } catch (IOException | RuntimeException | Error e) {
            mark.close();
            throw e;
        }
    }

    /**
     * Creates a stream that this node writes. Only during {@link NodeAgent#onStart}: the manifest
     * never changes.
     */
    public StreamWriter publish(StreamSpec spec) throws IOException {
        requireUnpublished("stream " + spec.name());
        for (StreamWriter writer : writers) {
            if (writer.name().equals(spec.name())) {
                throw new IllegalArgumentException(
                        "two streams of one name: node=" + name() + " stream=" + spec.name());
            }
        }
        StreamWriter writer = StreamWriter.create(foam, name(), incarnation(), spec, device);
        writers.add(writer);
        copies.add(counters.counter(FabricCounters.PUBLISH_COPIED_BYTES.of(spec.name())));
        return writer;
    }

    /**
     * Says something about the node in its manifest. Only during {@link NodeAgent#onStart}.
     *
     * @throws IllegalArgumentException if the key is {@value Manifest#READS}, which {@link
     *     #subscribe} and {@link #reads} keep
     */
    public void attribute(String key, String value) {
        requireUnpublished("attribute " + key);
        if (key.equals(Manifest.READS)) {
            throw new IllegalArgumentException(
                    "this attribute is kept by reads(target): node="
                            + name()
                            + " attribute="
                            + key);
        }
        attributes.put(key, value);
    }

    /**
     * Says in the manifest that the node will read this: {@code NODE/STREAM}, or {@code *}{@code
     * /STREAM} for the streams of that name of whichever peers it finds fit. For a node that
     * subscribes only as its peers come; what it subscribes to during {@link NodeAgent#onStart}
     * stands in the manifest by itself. Only during {@link NodeAgent#onStart}.
     */
    public void reads(String target) {
        requireUnpublished("reads " + target);
        int slash = target.indexOf('/');
        String peer = target.substring(0, Math.max(0, slash));
        if (!peer.equals("*")) {
            Names.checkNode(peer);
        }
        Names.check("stream", target.substring(slash + 1));
        reads.add(target);
    }

    private void requireUnpublished(String what) {
        if (isConcluded) {
            throw new IllegalStateException(
                    "the node has started already: node=" + name() + " too late for " + what);
        }
    }

    /**
     * Reads a stream of a peer, given as {@code NODE/STREAM}, whenever it is there. May be called
     * at any time.
     */
    public Subscription subscribe(String target, ReadMode mode) {
        return subscribe(target, mode, WaitMode.POLL, 0);
    }

    /** The same with another way to wait for a GPU. */
    public Subscription subscribe(String target, ReadMode mode, WaitMode waitMode) {
        return subscribe(target, mode, waitMode, 0);
    }

    /** The same, at least this many slots behind the newest one. */
    public Subscription subscribe(String target, ReadMode mode, int atLeastBehind) {
        return subscribe(target, mode, WaitMode.POLL, atLeastBehind);
    }

    private Subscription subscribe(String target, ReadMode mode, WaitMode waitMode, int distance) {
        Subscription subscription =
                new Subscription(
                        foam,
                        new Subscription.Request(target, mode, waitMode, distance),
                        device,
                        OwnerKey.of(name(), incarnation()),
                        peers,
                        counters,
                        this::error);
        subscriptions.add(subscription);
        if (!isConcluded) {
            reads.add(target);
        }
        subscription.rejoin(System.nanoTime());
        return subscription;
    }

    /** Ends a subscription. */
    public void unsubscribe(Subscription subscription) {
        if (subscriptions.remove(subscription)) {
            subscription.close();
        }
    }

    /** Ends the declarations; what has been declared stands in the manifest. */
    Manifest conclude() {
        isConcluded = true;
        attributes.putIfAbsent(Manifest.LANGUAGE, "java");
        if (!reads.isEmpty()) {
            attributes.put(Manifest.READS, joined(reads, Manifest.MAX_ATTRIBUTE_LENGTH));
        }
        List<StreamCard> cards = new ArrayList<>();
        for (StreamWriter writer : writers) {
            cards.add(card(writer.header()));
        }
        return new Manifest(
                name(),
                context.role(),
                incarnation(),
                ProcessHandle.current().pid(),
                System.currentTimeMillis(),
                device.name(),
                cards,
                attributes);
    }

    /**
     * Whole targets only: those that an attribute has no room for are left out, since to declare is
     * no condition of reading.
     */
    private static String joined(Collection<String> targets, int maxLength) {
        StringBuilder text = new StringBuilder();
        for (String target : targets) {
            String next = (text.isEmpty() ? "" : ",") + target;
            if (text.length() + next.length() <= maxLength) {
                text.append(next);
            }
        }
        return text.toString();
    }

    /** Makes the node known to its peers, those that are no JVMs first. From any thread. */
    void publish(Manifest manifest) throws IOException {
        ManifestFile.publishJson(cardFile, manifest);
        ManifestFile.publish(manifestFile, manifest);
    }

    /**
     * The same without a Chronicle Map, which takes hundreds of milliseconds of class loading at
     * its first use: the manifest itself is in JSON then.
     */
    void publishJson(Manifest manifest) throws IOException {
        ManifestFile.publishJson(manifestFile, manifest);
    }

    private static StreamCard card(StreamHeader header) {
        StreamSpec spec = header.spec();
        return new StreamCard(
                spec.name(),
                spec.dtype(),
                spec.maxShape(),
                spec.slots(),
                spec.maxReaders(),
                spec.slotBytes(),
                spec.checksum().name().toLowerCase(Locale.ROOT),
                header.device(),
                FoamDirectory.fileName(
                        header.node(), header.incarnation(), spec.name() + ".control"),
                header.payloadFile(),
                header.device().equals("host") ? "host" : "gpu");
    }

    /**
     * What has to be done some times a second: look at peers, rejoin, reclaim, sweep, refresh the
     * rates.
     */
    int controlTurn(long nowNs) throws IOException {
        if (nowNs < nextControlNs) {
            return 0;
        }
        nextControlNs = nowNs + CONTROL_EVERY_NS;
        boolean changed = peers.refresh(nowNs);
        for (int i = 0; i < subscriptions.size(); i++) {
            subscriptions.get(i).rejoin(nowNs);
        }
        for (int i = 0; i < writers.size(); i++) {
            writers.get(i).updateRate(nowNs);
            writers.get(i).reclaim(peers);
            copies.get(i).set(writers.get(i).copiedBytes());
        }
        if (nowNs >= nextSweepNs) {
            nextSweepNs = nowNs + SWEEP_EVERY_NS;
            requireMark();
            sweep();
        }
        return changed ? 1 : 0;
    }

    /**
     * Somebody removed the mark, or the whole foam: the name may be another's by now, and our
     * leases count no longer.
     */
    private void requireMark() throws IOException {
        if (!mark.isInPlace()) {
            throw new IOException(
                    "the node's mark was removed under it: path="
                            + foam.mark(name())
                            + " incarnation="
                            + incarnation());
        }
    }

    /** What the dead left is no reason for the living to end. */
    private void sweep() {
        try {
            cleaner.sweep(peers.all());
        } catch (IOException e) {
            error(e);
        }
    }

    long nextControlNs() {
        return nextControlNs;
    }

    List<Subscription> subscriptions() {
        return subscriptions;
    }

    void beat(long nowNs) {
        mark.beat(nowNs);
    }

    /**
     * Leaves the foam: streams and manifest go, counters and error log stay. After a failure
     * nothing is unmapped, since the agent's other threads may still read what they leased: the
     * process is about to end, and its death frees all of it.
     */
    void leave(boolean cleanly) throws IOException {
        try {
            if (cleanly) {
                subscriptions.forEach(Subscription::close);
            }
            if (journal != null) {
                journal.close();
            }
            if (mark.isInPlace()) { // else files of these names may be somebody else's
                Files.deleteIfExists(manifestFile);
                Files.deleteIfExists(cardFile);
                for (StreamWriter writer : writers) {
                    writer.remove();
                }
            }
            if (cleanly) {
                writers.forEach(StreamWriter::close);
            }
            peers.close();
            if (cleanly) {
                mark.stopped();
            }
        } finally {
            mark.close();
        }
    }

    /**
     * Leaves the foam with a goodbye, or as a kill does: the lock is free, and all files stay. Its
     * streams stay mapped until {@link #unmap}. No other thread of the node may live.
     */
    void depart(boolean cleanly) throws IOException {
        try {
            subscriptions.forEach(Subscription::close);
            if (cleanly) {
                Files.deleteIfExists(manifestFile);
                for (StreamWriter writer : writers) {
                    writer.remove();
                }
                mark.stopped();
            }
            peers.close();
        } finally {
            mark.close();
        }
    }

    /** Unmaps the streams of a node that has departed. */
    void unmap() {
        writers.forEach(StreamWriter::close);
    }

    WakeSignal wakeSignal() {
        return wakeSignal;
    }

    /**
     * Ends the idle sleep of the duty cycle, for example when work on another thread is done. From
     * any thread.
     */
    public void wake() {
        wakeSignal.raise();
    }

    /** Records an error in the node's error log. From any thread. */
    public void error(Exception error) {
        counters.record(error);
    }

    /** A peer by its name; empty until it has been seen. */
    public Optional<PeerView> peer(String peerName) {
        return peers.peer(peerName);
    }

    /** All peers that have been seen. */
    public Collection<PeerView> peers() {
        return peers.all();
    }

    /** The node's counters; new ones may be added at any time by the duty-cycle thread. */
    public Counters counters() {
        return counters;
    }

    /** The node's journal of low-rate facts, opened at its first use. */
    public Journal journal() throws IOException {
        if (journal == null) {
            Path directory = foam.createDirectories(context.journal().toAbsolutePath().normalize());
            journal = Journal.open(directory, name(), incarnation());
        }
        return journal;
    }

    /** Directory for what must outlive the process, created if need be. */
    public Path state() throws IOException {
        return foam.createDirectories(context.state().toAbsolutePath().normalize());
    }

    /**
     * A file in the foam that all incarnations of the node share; it goes with the foam, also if
     * the state does not.
     */
    public Path file(String suffix) {
        return foam.file(name(), suffix);
    }

    /** Directory of the foam. */
    public Path foam() {
        return foam.path();
    }

    /** Where the node's own streams live and where it works on what it reads. */
    public Device device() {
        return device;
    }

    public String name() {
        return context.name();
    }

    /** Number of this start of the name, from 1. */
    public long incarnation() {
        return mark.incarnation();
    }
}
