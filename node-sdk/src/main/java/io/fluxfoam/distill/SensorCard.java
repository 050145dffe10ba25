package io.fluxfoam.distill;

import io.fluxfoam.manifest.Manifest;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a sensor says of its frames in its manifest, for whoever learns from them. The shape stands
 * in the cards of its streams, the rest in attributes:
 *
 * <pre>
 *   mirrored   true, if what it shows may stand in the picture the other way round; absent: no
 *   source.N   the source of the world N, as its user gave it
 * </pre>
 *
 * @param frame shape of every frame of this incarnation
 * @param mirrored whether what it shows may stand in the picture the other way round
 */
public record SensorCard(FrameShape frame, boolean mirrored) {
    private static final String MIRRORED = "mirrored";
    private static final String SOURCE = "source.";

    /**
     * Reads it from a manifest; empty if the node publishes no frames.
     *
     * @throws IllegalArgumentException if they are none that a frame can be
     */
    public static Optional<SensorCard> of(Manifest sensor) {
        boolean mirrored = "true".equals(sensor.attributes().get(MIRRORED));
        return FrameShape.of(sensor).map(frame -> new SensorCard(frame, mirrored));
    }

    /** What a source of this world is called in a sensor's manifest; empty if that does not say. */
    public static Optional<String> source(Manifest sensor, int world) {
        return Optional.ofNullable(sensor.attributes().get(SOURCE + world));
    }

    /** The attributes of a sensor of these sources. */
    public static Map<String, String> attributes(boolean mirrored, Iterable<String> sources) {
        Map<String, String> attributes = new TreeMap<>();
        if (mirrored) {
            attributes.put(MIRRORED, "true");
        }
        int world = 0;
        for (String source : sources) {
            attributes.put(SOURCE + world++, source);
        }
        return attributes;
    }
}
