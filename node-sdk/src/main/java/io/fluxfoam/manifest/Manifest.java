package io.fluxfoam.manifest;

import io.fluxfoam.liveness.Names;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one incarnation of a node says about itself. A value: it never changes once the node has
 * published it.
 *
 * @param node name of the node
 * @param role what the node does, for example {@code sensor} or {@code teacher}
 * @param incarnation number of this start of the name, 1 and up, below 2^24 as in a frame number
 * @param pid process id
 * @param startedMillis wall time of the start, milliseconds since 1970
 * @param device the device the node works on
 * @param streams the streams it broadcasts, at most 256
 * @param attributes anything else peers may want to know, at most 256 texts of at most 8,192
 *     characters
 */
public record Manifest(
        String node,
        String role,
        long incarnation,
        long pid,
        long startedMillis,
        String device,
        List<StreamCard> streams,
        Map<String, String> attributes) {
    /**
     * Attribute that says what the node reads: targets joined by commas, at most 8,192 characters.
     * See {@link #reads}.
     */
    public static final String READS = "reads";

    /** Attribute that says what the node is written in, in small letters: {@code java}. */
    public static final String LANGUAGE = "language";

    /** Attribute of a mirror: whose, {@code NODE@BOX}. */
    public static final String ORIGIN = "origin";

    static final int MAX_STREAMS = 256;
    static final int MAX_ATTRIBUTES = 256;

    /** Most characters of an attribute's text. */
    public static final int MAX_ATTRIBUTE_LENGTH = 8192;

    private static final long MAX_INCARNATION = (1L << 24) - 1;

    /**
     * Checks every value and takes copies of the collections.
     *
     * @throws IllegalArgumentException if a value is out of its bounds or two streams share a name
     */
    public Manifest {
        Names.checkNode(node);
        Names.check("role", role);
        Checks.requireRange("incarnation", incarnation, 1, MAX_INCARNATION);
        Checks.requireRange("pid", pid, 1, Long.MAX_VALUE);
        Checks.requireRange("startedMillis", startedMillis, 0, Long.MAX_VALUE);
        StreamCard.requireDevice(device);
        streams = List.copyOf(streams);
        Checks.requireRange("number of streams", streams.size(), 0, MAX_STREAMS);
        Set<String> names = new HashSet<>();
        for (StreamCard stream : streams) {
            if (!names.add(stream.name())) {
                throw new IllegalArgumentException(
                        "two streams named " + stream.name() + ": node=" + node);
            }
        }
        attributes = Map.copyOf(attributes);
        Checks.requireRange("number of attributes", attributes.size(), 0, MAX_ATTRIBUTES);
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            Checks.requireKey("attribute", attribute.getKey());
            Checks.requireText(
                    "attribute " + attribute.getKey(), attribute.getValue(), MAX_ATTRIBUTE_LENGTH);
        }
    }

    /** The stream of this name, if the node broadcasts it. */
    public Optional<StreamCard> stream(String name) {
        return streams.stream().filter(card -> card.name().equals(name)).findFirst();
    }

    /**
     * What the node says that it reads, in its order: {@code NODE/STREAM}, or {@code *}{@code
     * /STREAM} for the streams of that name of whichever peers it finds fit. A declaration for
     * people and tools: nothing opens or refuses a stream by it.
     */
    public List<String> reads() {
        return Arrays.stream(attributes.getOrDefault(READS, "").split(","))
                .filter(target -> !target.isBlank())
                .toList();
    }

    /** What the node says that it is written in; empty if it does not say. */
    public Optional<String> language() {
        return Optional.ofNullable(attributes.get(LANGUAGE));
    }

    /** Whose mirror it is, {@code NODE@BOX}; empty if it is none. */
    public Optional<String> origin() {
        return Optional.ofNullable(attributes.get(ORIGIN));
    }

    /** The attributes in the order of their names. */
    Map<String, String> sortedAttributes() {
        return new TreeMap<>(attributes);
    }
}
