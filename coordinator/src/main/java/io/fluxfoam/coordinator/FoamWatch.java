package io.fluxfoam.coordinator;

import io.fluxfoam.coordinator.status.FoamStatus;
import io.fluxfoam.coordinator.status.StatusProbe;
import io.fluxfoam.counters.Counter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The newest look at the foam. Whoever asks gets one that is at most {@value #MAX_AGE_NS} ns old,
 * however many ask. Thread-safe.
 */
final class FoamWatch {
    private static final long MAX_AGE_NS = 500_000_000L;

    private final StatusProbe probe;
    private final FoamHistory history;
    private final DeclaredReads reads;
    private final DeclaredSources sources;
    private final Counter looks;
    private @Nullable FoamStatus seen;
    private long seenAtNs;

    /**
     * Has not looked yet.
     *
     * @param history told of every look
     * @param reads knows what the manifests say
     * @param sources knows what the sensor shows
     * @param looks counts them
     */
    FoamWatch(
            StatusProbe probe,
            FoamHistory history,
            DeclaredReads reads,
            DeclaredSources sources,
            Counter looks) {
        this.probe = probe;
        this.history = history;
        this.reads = reads;
        this.sources = sources;
        this.looks = looks;
    }

    /** Looks now. */
    synchronized FoamStatus look() throws IOException {
        FoamStatus status = sources.addTo(reads.addTo(probe.status()));
        seen = status;
        seenAtNs = System.nanoTime();
        history.record(status);
        looks.increment();
        return status;
    }

    /**
     * The newest look, or a new one if that is too old.
     *
     * @throws UncheckedIOException if the foam cannot be read
     */
    synchronized FoamStatus fresh() {
        try {
            return seen == null || System.nanoTime() - seenAtNs > MAX_AGE_NS ? look() : seen;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
