package io.fluxfoam.counters;

import static io.fluxfoam.counters.Unit.BYTES;
import static io.fluxfoam.counters.Unit.COUNT;
import static io.fluxfoam.counters.Unit.MILLIS;
import static io.fluxfoam.counters.Unit.PER_SECOND;
import static io.fluxfoam.counters.Unit.RATIO;

import java.util.List;

/**
 * The counters of a link between boxes. A mirror keeps those of the link to its original's box; who
 * has such a counter is a mirror. A bridge keeps what it sends.
 */
public final class LinkCounters {
    /** Values of {@link #STATE}. */
    public enum LinkState {
        /** Nothing is heard of the other box. */
        DOWN,
        /** Both have proven the key, and talk. */
        UP,
        /** The other box, or this one, does not want the other. */
        REFUSED;

        /** The state of this value of the counter. */
        public static LinkState of(long value) {
            return value == 1 ? UP : value == 2 ? REFUSED : DOWN;
        }
    }

    public static final CounterSpec STATE =
            CounterSpec.varying(
                    "link.{box}.state",
                    COUNT,
                    "foam_link_state",
                    "State of the mirror's link to the box: 0 down, 1 up, 2 refused.");

    public static final CounterSpec INCARNATION =
            CounterSpec.varying(
                    "link.{box}.incarnation",
                    COUNT,
                    "foam_link_incarnation",
                    "Incarnation of the mirror's original.");

    public static final CounterSpec ROUND_TRIP =
            CounterSpec.varying(
                    "link.{box}.roundTripMillis",
                    MILLIS,
                    "foam_link_round_trip_seconds",
                    "Shortest of the newest round trips to the box.");

    public static final CounterSpec CLOCK_OFFSET =
            CounterSpec.varying(
                    "link.{box}.clockOffsetMillis",
                    MILLIS,
                    "foam_link_clock_offset_seconds",
                    "How much the box's monotonic clock is ahead of ours, give or take half a round trip.");

    public static final CounterSpec LOSS =
            CounterSpec.varying(
                    "link.{box}.lossRatio",
                    RATIO,
                    "foam_link_loss_ratio",
                    "Share of its bytes that the box had to send again of late.");

    public static final CounterSpec RATE =
            CounterSpec.varying(
                    "link.{box}.bytesPerSecond",
                    PER_SECOND,
                    "foam_link_bytes_per_second",
                    "Bytes of the mirror's tensors that come in a second.");

    public static final CounterSpec RECEIVED =
            CounterSpec.growing(
                    "link.{box}.received",
                    COUNT,
                    "foam_link_received_total",
                    "Tensors of the original that were published here.");

    public static final CounterSpec DROPPED =
            CounterSpec.growing(
                    "link.{box}.dropped",
                    COUNT,
                    "foam_link_dropped_total",
                    "Commits of the original that did not come here, or not whole.");

    public static final CounterSpec REFUSED =
            CounterSpec.growing(
                    "link.{box}.refused",
                    COUNT,
                    "foam_link_refused_total",
                    "Messages of the mirror's streams that were not genuine, heard before, or made no sense.");

    public static final CounterSpec SESSIONS =
            CounterSpec.varying(
                    "bridge.sessions",
                    COUNT,
                    "foam_bridge_sessions",
                    "Boxes that import from this bridge now.");

    public static final CounterSpec SENT =
            CounterSpec.growing(
                    "bridge.sent", COUNT, "foam_bridge_sent_total", "Tensors that were sent.");

    public static final CounterSpec SENT_BYTES =
            CounterSpec.growing(
                    "bridge.sentBytes",
                    BYTES,
                    "foam_bridge_sent_bytes_total",
                    "Bytes of tensors that were sent.");

    public static final CounterSpec SKIPPED =
            CounterSpec.growing(
                    "bridge.dropped",
                    COUNT,
                    "foam_bridge_dropped_total",
                    "Commits of exported streams that went by unsent while somebody imported them.");

    public static final CounterSpec RETRANSMITTED =
            CounterSpec.growing(
                    "bridge.retransmittedBytes",
                    BYTES,
                    "foam_bridge_retransmitted_bytes_total",
                    "Bytes that had to be sent again.");

    public static final CounterSpec TURNED_AWAY =
            CounterSpec.growing(
                    "bridge.refused",
                    COUNT,
                    "foam_bridge_refused_total",
                    "Callers that were turned away: without the key, without sense, or too many.");

    public static final List<CounterSpec> ALL =
            List.of(
                    STATE,
                    INCARNATION,
                    ROUND_TRIP,
                    CLOCK_OFFSET,
                    LOSS,
                    RATE,
                    RECEIVED,
                    DROPPED,
                    REFUSED,
                    SESSIONS,
                    SENT,
                    SENT_BYTES,
                    SKIPPED,
                    RETRANSMITTED,
                    TURNED_AWAY);

    private LinkCounters() {}
}
