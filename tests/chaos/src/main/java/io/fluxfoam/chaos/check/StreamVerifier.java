package io.fluxfoam.chaos.check;

import io.fluxfoam.chaos.process.CleanupStack;
import io.fluxfoam.chaos.process.FoamUnderTest;
import io.fluxfoam.launch.Commands;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.FoamDirectory.Owned;
import io.fluxfoam.liveness.Mark;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.stream.Checksum;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamReader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;

/**
 * Reads every stream of the foam as any node would, through a lane and leases of its own, and
 * checks the CRC-32C of what it leased. Of a stream without checksums only the shape can be
 * checked, and it does not count as verified. It holds a mark, so that its lanes are freed whatever
 * happens to it. Results may be read from any thread.
 */
public final class StreamVerifier implements AutoCloseable {
    private static final long TURN_NS = 10_000_000L;
    private static final long LOOK_EVERY_NS = 200_000_000L;

    private final FoamDirectory foam;
    private final Mark mark;
    private final String self;
    private final BiConsumer<String, String> events;
    private final Map<String, Reading> readings = new HashMap<>();
    private final Set<String> verified = new TreeSet<>();
    private final Set<String> uncheckable = new TreeSet<>();
    private final Set<String> refusals = new TreeSet<>();
    private final Thread thread;
    private volatile long readsVerified;
    private volatile long tornReads;
    private volatile boolean isStopping;
    private volatile String failure;
    private CleanupStack.Entry leaving;

    private record Reading(String stream, Path control, StreamReader reader) {
        private boolean hasChecksums() {
            return reader.header().spec().checksum() == Checksum.CRC32C;
        }
    }

    private StreamVerifier(
            FoamDirectory foam, Mark mark, String self, BiConsumer<String, String> events) {
        this.foam = foam;
        this.mark = mark;
        this.self = self;
        this.events = events;
        this.thread = new Thread(this::run, "chaos-verifier");
    }

    /**
     * Joins under this name and begins to read.
     *
     * @throws IOException if another chaos has the name
     */
    public static StreamVerifier start(FoamUnderTest tested, String name) throws IOException {
        Mark mark = Mark.acquire(tested.foam(), name, "chaos", "host", new String[0]);
        StreamVerifier verifier = new StreamVerifier(tested.foam(), mark, name, tested.events());
        verifier.leaving =
                tested.cleanup()
                        .push(name + " leaves the foam", verifier.thread::start, verifier::leave);
        return verifier;
    }

    /** Nobody waits for this thread before the run is over: how it ended is told then. */
    private void run() {
        try {
            read();
        } catch (RuntimeException | Error e) {
            failure = Commands.reason(e);
            events.accept(self, "verifies no more: " + failure);
        } finally {
            readings.values().forEach(reading -> reading.reader.close());
        }
    }

    private void read() {
        long nextLookNs = System.nanoTime();
        while (!isStopping) {
            long nowNs = System.nanoTime();
            mark.beat(nowNs);
            if (nowNs - nextLookNs >= 0) {
                nextLookNs = nowNs + LOOK_EVERY_NS;
                followStreams();
            }
            readings.values().forEach(this::verify);
            LockSupport.parkNanos(TURN_NS);
        }
    }

    private void followStreams() {
        try {
            dropRemoved();
            for (String node : foam.nodes()) {
                if (!node.equals(self)) {
                    follow(node);
                }
            }
        } catch (IOException e) {
            refuse("foam", e);
        }
    }

    /** What is removed is gone for everybody else; the memory goes when we let go too. */
    private void dropRemoved() {
        for (Iterator<Reading> all = readings.values().iterator(); all.hasNext(); ) {
            Reading reading = all.next();
            if (!Files.exists(reading.control)) {
                reading.reader.close();
                all.remove();
            }
        }
    }

    private void follow(String node) throws IOException {
        MarkView view;
        try {
            view = MarkView.read(foam, node);
        } catch (NoSuchFileException | LayoutException e) {
            return;
        }
        for (Owned file : foam.filesOf(node)) {
            if (file.isControl()
                    && file.incarnation() == view.incarnation()
                    && !readings.containsKey(file.fileName())) {
                join(file);
            }
        }
    }

    private void join(Owned file) {
        try {
            StreamReader reader =
                    StreamReader.open(
                            foam,
                            file.fileName(),
                            StreamReader.Join.newest(
                                    ReadMode.LATEST, OwnerKey.of(self, mark.incarnation())));
            String stream = reader.header().node() + "/" + reader.header().spec().name();
            Reading reading = new Reading(stream, foam.path().resolve(file.fileName()), reader);
            readings.put(file.fileName(), reading);
            if (!reading.hasChecksums() && isNewlyUncheckable(stream)) {
                events.accept(stream, "not verifiable: it has no checksums");
            }
        } catch (NoSuchFileException e) {
            return; // its writer ended since we looked
        } catch (IOException e) {
            refuse(file.fileName(), e);
        }
    }

    private synchronized boolean isNewlyUncheckable(String stream) {
        return uncheckable.add(stream);
    }

    private void refuse(String what, IOException reason) {
        String message = String.valueOf(reason.getMessage());
        if (refusals.add(message)) {
            events.accept(what, "not verified: " + message);
        }
    }

    private void verify(Reading reading) {
        if (!reading.reader.hasNews()) {
            return;
        }
        try (Lease lease = reading.reader.poll()) {
            if (lease == null) {
                return;
            }
            boolean isIntact = lease.isIntact();
            if (!isIntact) {
                tornReads++;
                events.accept(
                        reading.stream,
                        "TORN: incarnation="
                                + lease.incarnation()
                                + " sequence="
                                + lease.sequence()
                                + " frame="
                                + lease.frameNumber());
            }
            if (reading.hasChecksums()) {
                readsVerified += isIntact ? 1 : 0;
                synchronized (this) {
                    verified.add(reading.stream);
                }
            }
        }
    }

    /** Slots whose CRC-32C was that of their header. */
    public long readsVerified() {
        return readsVerified;
    }

    public long tornReads() {
        return tornReads;
    }

    /** Streams of these that were never read, as {@code NODE/STREAM}. */
    public synchronized Set<String> missing(Set<String> streams) {
        Set<String> missing = new TreeSet<>(streams);
        missing.removeAll(verified);
        return missing;
    }

    /**
     * Streams without checksums, as {@code NODE/STREAM}: nobody can tell whether what is read from
     * them is torn.
     */
    public synchronized Set<String> uncheckable() {
        return new TreeSet<>(uncheckable);
    }

    /** Why it ended before it was told to; empty if it did not. */
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** Reads no more, frees its lanes and leaves the foam. What it found stays. */
    @Override
    public void close() throws IOException {
        leaving.undo();
    }

    private void leave() {
        isStopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        mark.stopped();
        mark.close();
    }
}
