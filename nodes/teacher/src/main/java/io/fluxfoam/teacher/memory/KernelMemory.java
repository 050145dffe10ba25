package io.fluxfoam.teacher.memory;

import io.fluxfoam.distill.MemoryMode;
import io.fluxfoam.distill.MemoryState;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Stands before a computation whose result is a function of its input alone. What it knows it
 * gives, if {@link Trust} and {@link Payoff} allow; all else is computed, and compared or stored.
 * It knows nothing of frames: what an input is held out for, or when it was taken, changes nothing.
 * For one thread at a time.
 */
public final class KernelMemory implements AutoCloseable {
    private static final long SPOT_CHECK_SEED = 18;
    private static final long LEAST_VALIDITY = 16;
    private static final long MOST_VALIDITY = 1 << 20;
    private static final MemorySegment NOTHING = MemorySegment.NULL;

    private final Namespace namespace;
    private final boolean mayBypass;
    private final MemoryStore store;
    private final TrustFile trustFile;
    private final Trust trust;
    private final Payoff payoff = new Payoff();
    private final Fingerprint fingerprint = new Fingerprint();
    private final MemoryCounters counters;
    private final MemoryListener listener;
    private final LongSupplier nanoTime;
    private long clock;
    private boolean isDamageTold;

    /**
     * Takes up what earlier lives have left.
     *
     * @param directory where its files are
     * @param mostPayloadBytes of one result
     * @throws IOException if nothing can be kept there
     */
    public KernelMemory(
            Path directory,
            Namespace namespace,
            MemorySettings settings,
            long mostPayloadBytes,
            MemoryCounters counters,
            MemoryListener listener)
            throws IOException {
        this(
                directory,
                namespace,
                settings,
                mostPayloadBytes,
                counters,
                listener,
                System::nanoTime);
    }

    /** With its own clock, which goes on while it is asked and while something is computed. */
    KernelMemory(
            Path directory,
            Namespace namespace,
            MemorySettings settings,
            long mostPayloadBytes,
            MemoryCounters counters,
            MemoryListener listener,
            LongSupplier nanoTime)
            throws IOException {
        this.namespace = namespace;
        this.mayBypass = settings.mode() == MemoryMode.ON;
        this.nanoTime = nanoTime;
        this.counters = counters;
        this.listener = listener;
        this.trustFile = new TrustFile(directory, namespace);
        this.trust = new Trust(trustFile.read(), SPOT_CHECK_SEED);
        this.store =
                new MemoryStore(
                        directory,
                        namespace,
                        settings.limitBytes(),
                        mostPayloadBytes,
                        listener::trouble);
        this.clock = store.clock();
        Fingerprint.warmUp();
        counters.bytes.set(store.bytes());
        tellState();
    }

    /**
     * Answers one of a stream of inputs.
     *
     * @param features where the result is to be, of exactly its size, f32
     */
    public Answer answer(
            MemorySegment input, long[] shape, MemorySegment features, Computation live) {
        if (trust.isClosed() || mayBypass && !payoff.wants(input)) {
            return computed(live);
        }
        Answer answer = lookUp(input, shape, features, live, payoff);
        tellState();
        return answer;
    }

    /** Answers an input of which is known that it comes again: it is looked up in any case. */
    public Answer answerKnown(
            MemorySegment input, long[] shape, MemorySegment features, Computation live) {
        return trust.isClosed() ? computed(live) : lookUp(input, shape, features, live, null);
    }

    private Answer computed(Computation live) {
        return new Answer(compute(live), true);
    }

    private boolean compute(Computation live) {
        long beganNs = nanoTime.getAsLong();
        boolean spoken = live.compute();
        long ns = nanoTime.getAsLong() - beganNs;
        counters.inferences.increment();
        counters.inferenceNanos.add(ns);
        payoff.computed(ns);
        return spoken;
    }

    private Answer lookUp(
            MemorySegment input,
            long[] shape,
            MemorySegment features,
            Computation live,
            @Nullable Payoff judged) {
        clock++;
        long beganNs = nanoTime.getAsLong();
        Stored stored = store.find(fingerprint.take(input, shape));
        long foundNs = nanoTime.getAsLong();
        if (stored != null && isRelied(stored)) {
            if (give(stored, features)) {
                counters.hits.increment();
                counters.bypasses.increment();
                looked(true, foundNs - beganNs, nanoTime.getAsLong() - foundNs, judged);
                return new Answer(stored.spoken(), false);
            }
            drop(stored);
            stored = null;
        }
        boolean spoken = compute(live);
        long keepNs = nanoTime.getAsLong();
        boolean isHit = keep(stored, spoken, spoken ? features : NOTHING);
        looked(isHit, foundNs - beganNs, nanoTime.getAsLong() - keepNs, judged);
        return new Answer(spoken, true);
    }

    private void looked(boolean isHit, long lookNs, long accessNs, @Nullable Payoff judged) {
        counters.lookups.increment();
        counters.lookupNanos.add(lookNs + accessNs);
        if (judged != null) {
            judged.looked(isHit, lookNs, accessNs);
        }
    }

    private boolean isRelied(Stored stored) {
        return isRelied() && isValid(stored) && !trust.isSpotCheck();
    }

    private boolean isRelied() {
        return mayBypass && trust.isEarned();
    }

    /** To be relied on does not renew it: who is never computed again is never found out. */
    private boolean isValid(Stored stored) {
        return trust.kind() == Trust.Kind.EXACT || clock < stored.validUntil();
    }

    /** Checked is what is given out, not what it was copied from. */
    private boolean give(Stored stored, MemorySegment features) {
        if (!stored.spoken()) {
            return store.isIntact(stored, stored.payload());
        }
        if (stored.payload().byteSize() != features.byteSize()) {
            return false;
        }
        MemorySegment.copy(stored.payload(), 0, features, 0, features.byteSize());
        return store.isIntact(stored, features);
    }

    /** Of a damaged file many may be: only the first is told of. */
    private void drop(Stored stored) {
        if (!isDamageTold) {
            isDamageTold = true;
            listener.trouble(
                    new IOException(
                            "memory damaged, result dropped: epoch="
                                    + namespace.epoch()
                                    + " payloadBytes="
                                    + stored.payload().byteSize()
                                    + " fingerprint="
                                    + fingerprint));
        }
        store.forget(fingerprint, stored);
    }

    /**
     * Compares what was computed with what is stored, or stores it. Returns whether it was there.
     */
    private boolean keep(@Nullable Stored stored, boolean spoken, MemorySegment computed) {
        if (stored == null) {
            put(spoken, computed, LEAST_VALIDITY);
            return false;
        }
        double divergence =
                stored.spoken() == spoken
                        ? Trust.divergence(computed, stored.payload())
                        : Double.POSITIVE_INFINITY;
        if (divergence > 0 && !store.isIntact(stored, stored.payload())) {
            drop(stored);
            put(spoken, computed, LEAST_VALIDITY);
            return false;
        }
        counters.hits.increment();
        counters.checks.increment();
        if (trust.agrees(divergence)) {
            trust.agreed();
            if (trust.kind() == Trust.Kind.APPROXIMATE) {
                long validFor = Math.min(MOST_VALIDITY, stored.validFor() * 3 / 2);
                store.validity(stored, validFor, clock + validFor);
            }
        } else {
            differed(stored, divergence, spoken, computed);
        }
        return true;
    }

    private void differed(
            Stored stored, double divergence, boolean spoken, MemorySegment computed) {
        counters.falseHits.increment();
        Trust.Kind before = trust.kind();
        boolean wasRelied = isRelied();
        int agreements = trust.agreements();
        long validFor = Math.max(LEAST_VALIDITY, stored.validFor() / 2);
        trust.differed(divergence);
        boolean isPurged = wasRelied || trust.kind() != before;
        int purged = isPurged ? purge() : 0;
        if (trust.kind() != before) {
            remember();
        }
        if (!trust.isClosed()) {
            put(spoken, computed, validFor);
        }
        if (isPurged) {
            listener.falseHit(
                    new FalseHit(
                            namespace,
                            fingerprint.toString(),
                            clock,
                            agreements,
                            divergence,
                            wasRelied,
                            purged,
                            trust.kind().name().toLowerCase(Locale.ROOT)));
        }
    }

    private int purge() {
        int results = store.results();
        try {
            store.purge();
        } catch (IOException e) {
            listener.trouble(new IOException("memory not removed: " + e.getMessage(), e));
        }
        counters.bytes.set(store.bytes());
        return results;
    }

    private void remember() {
        try {
            trustFile.write(trust.kind());
        } catch (IOException e) {
            listener.trouble(
                    new IOException("memory's class is not remembered: " + e.getMessage(), e));
        }
    }

    private void put(boolean spoken, MemorySegment computed, long validFor) {
        store.put(fingerprint, spoken, computed, validFor, clock + validFor);
        counters.bytes.set(store.bytes());
    }

    private void tellState() {
        counters.state(state());
    }

    private MemoryState state() {
        if (trust.isClosed()) {
            return MemoryState.CLOSED;
        }
        if (mayBypass && !payoff.isPaying()) {
            return MemoryState.SAMPLING;
        }
        return isRelied() ? MemoryState.BYPASS : MemoryState.SHADOW;
    }

    /** The files stay. */
    @Override
    public void close() {
        store.close();
    }
}
