package io.fluxfoam.coordinator.status;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.counters.LinkCounters;
import io.fluxfoam.counters.LinkCounters.LinkState;
import io.fluxfoam.liveness.MarkView;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * How a mirror's box is reached, as the mirror's own counters tell. All figures but the state are
 * null while the link is not UP.
 *
 * @param state {@code UP}, {@code DOWN} or {@code REFUSED}
 * @param roundTripMillis shortest of the newest round trips
 * @param lossRatio share of its bytes that the box had to send again of late, about what was lost
 * @param bytesPerSecond of the mirror's tensors
 */
public record LinkStatus(
        String state,
        @Nullable Double roundTripMillis,
        @Nullable Double lossRatio,
        @Nullable Double bytesPerSecond) {

    /** The box that this node is a mirror of a node of; empty if it is none. */
    static Optional<String> box(CountersSnapshot counters) {
        return counters.values().keySet().stream()
                .flatMap(label -> LinkCounters.STATE.which(label).stream())
                .findFirst();
    }

    /** Whose mirror a node is. */
    static String origin(MarkView mark, String box) {
        String name = mark.name();
        int at = name.indexOf('@');
        return (at < 0 ? name : name.substring(0, at)) + "@" + box;
    }

    /** Of a mirror that has ended the link is nobody's, and so down. */
    static LinkStatus of(MarkView mark, CountersSnapshot counters, String box) {
        Figures figures = new Figures(counters.values());
        Long said = figures.count(LinkCounters.STATE.of(box));
        LinkState state =
                said == null || !mark.state().isHeld() ? LinkState.DOWN : LinkState.of(said);
        boolean isUp = state == LinkState.UP;
        return new LinkStatus(
                state.name(),
                isUp ? figures.number(LinkCounters.ROUND_TRIP.of(box)) : null,
                isUp ? figures.number(LinkCounters.LOSS.of(box)) : null,
                isUp ? figures.number(LinkCounters.RATE.of(box)) : null);
    }
}
