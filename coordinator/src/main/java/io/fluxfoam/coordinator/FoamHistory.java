package io.fluxfoam.coordinator;

import io.fluxfoam.coordinator.status.FoamStatus;
import io.fluxfoam.distill.LoopCounters;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the coordinator has seen since it started: curves over the foam's whole time and the latest
 * events, both bounded.
 *
 * <p>It lives in memory only; a restarted coordinator begins anew. All methods may be called from
 * any thread.
 */
public final class FoamHistory {
    private static final int POINTS = 400;
    private static final double FINEST_INTERVAL_SECONDS = 1;
    private static final int EVENTS = 200;

    private final Curves curves = new Curves(POINTS, FINEST_INTERVAL_SECONDS);
    private final NodeEvents events = new NodeEvents(EVENTS);

    /**
     * The history as it is served.
     *
     * @param seconds the foam's uptime at each point
     * @param curves by name, each as long as {@code seconds}; null where the figure was missing
     * @param events newest first
     */
    public record View(
            List<Double> seconds,
            Map<String, List<@Nullable Double>> curves,
            List<NodeEvents.Event> events) {}

    /** Takes one look at the foam. */
    public synchronized void record(FoamStatus status) {
        double uptimeSeconds = status.uptimeSeconds() == null ? 0 : status.uptimeSeconds();
        events.compare(uptimeSeconds, status.nodes());
        events.compareWidth(uptimeSeconds, status.nodes(), status.student().width());
        curves.add(uptimeSeconds, figures(status));
    }

    public synchronized View view() {
        return new View(curves.seconds(), curves.columns(), events.newestFirst());
    }

    private static Map<String, @Nullable Double> figures(FoamStatus status) {
        Map<String, @Nullable Double> figures = new LinkedHashMap<>();
        figures.put(LoopCounters.LOSS.label(), status.student().loss());
        figures.put(LoopCounters.SAMPLES_PER_SECOND.label(), status.student().samplesPerSecond());
        figures.put(LoopCounters.MOMENTS_PER_SECOND.label(), status.student().momentsPerSecond());
        figures.put(LoopCounters.SEEN_WORDS, status.heldOut().seenWords().top1());
        figures.put(LoopCounters.UNSEEN_WORDS, status.heldOut().unseenWords().top1());
        figures.put(LoopCounters.PICTURE_ONLY, status.heldOut().pictureOnly().top1());
        status.heldOut().sets().forEach(set -> figures.put("set." + set.key(), set.both()));
        status.student()
                .teachers()
                .forEach((name, teacher) ->
                        figures.put("unexplained." + name, teacher.unexplainedVariance()));
        return figures;
    }
}
