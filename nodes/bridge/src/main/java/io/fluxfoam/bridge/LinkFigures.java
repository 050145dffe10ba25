package io.fluxfoam.bridge;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.counters.Counters;
import io.fluxfoam.counters.Gauge;
import io.fluxfoam.counters.LinkCounters;
import io.fluxfoam.counters.LinkCounters.LinkState;

/** What a mirror says of the link to its original, in its own counters. */
final class LinkFigures {
    private static final double MILLI = 1e6;
    private static final double SECOND = 1e9;

    private final Counter state;
    private final Gauge roundTrip;
    private final Gauge clockOffset;
    private final Gauge loss;
    private final Gauge rate;
    private final Counter received;
    private final Counter dropped;
    private final Counter refused;
    private long lastBytes;
    private long lastNs;

    LinkFigures(Counters counters, String box, long incarnation) {
        counters.counter(LinkCounters.INCARNATION.of(box)).set(incarnation);
        state = counters.counter(LinkCounters.STATE.of(box));
        roundTrip = counters.gauge(LinkCounters.ROUND_TRIP.of(box));
        clockOffset = counters.gauge(LinkCounters.CLOCK_OFFSET.of(box));
        loss = counters.gauge(LinkCounters.LOSS.of(box));
        rate = counters.gauge(LinkCounters.RATE.of(box));
        received = counters.counter(LinkCounters.RECEIVED.of(box));
        dropped = counters.counter(LinkCounters.DROPPED.of(box));
        refused = counters.counter(LinkCounters.REFUSED.of(box));
    }

    /** How the link is; figures of one that is down would be those of the past. */
    void show(LinkState link, RoundTrips trips, double lossRatio) {
        state.set(link.ordinal());
        boolean isKnown = link == LinkState.UP && trips.isKnown();
        roundTrip.set(isKnown ? trips.tripNs() / MILLI : Double.NaN);
        clockOffset.set(isKnown ? trips.offsetNs() / MILLI : Double.NaN);
        loss.set(link == LinkState.UP ? lossRatio : Double.NaN);
    }

    void showRate(long nowNs, long bytes) {
        if (lastNs != 0 && nowNs > lastNs) {
            rate.set((bytes - lastBytes) * SECOND / (nowNs - lastNs));
        }
        lastNs = nowNs;
        lastBytes = bytes;
    }

    Counter received() {
        return received;
    }

    Counter dropped() {
        return dropped;
    }

    Counter refused() {
        return refused;
    }
}
