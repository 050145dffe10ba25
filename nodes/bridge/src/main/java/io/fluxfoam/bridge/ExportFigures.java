package io.fluxfoam.bridge;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.counters.Counters;
import io.fluxfoam.counters.LinkCounters;

/** What the bridge counts of what it sends. */
record ExportFigures(
        Counter sessions,
        Counter sent,
        Counter sentBytes,
        Counter dropped,
        Counter retransmitted,
        Counter refused) {
    static ExportFigures in(Counters counters) {
        return new ExportFigures(
                counters.counter(LinkCounters.SESSIONS),
                counters.counter(LinkCounters.SENT),
                counters.counter(LinkCounters.SENT_BYTES),
                counters.counter(LinkCounters.SKIPPED),
                counters.counter(LinkCounters.RETRANSMITTED),
                counters.counter(LinkCounters.TURNED_AWAY));
    }
}
