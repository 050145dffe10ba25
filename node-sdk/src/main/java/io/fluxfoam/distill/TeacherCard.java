package io.fluxfoam.distill;

import io.fluxfoam.manifest.Manifest;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a teacher says of itself in its manifest's attributes, for whoever learns from it.
 *
 * <pre>
 *   sensor    node whose frames it looks at; absent: it does not say
 *   aligned   picture, sound, none or speech; absent: none
 *   axes      rows, chw or hwc; absent: rows
 *   epoch     another text is another teacher; absent: it is the same for ever
 *   scale     known, if its values need no bound; absent: they are bounded
 * </pre>
 *
 * @param sensor node whose frames it looks at; empty if it does not say
 * @param aligned which grid its tokens stand on
 * @param axes what the axes of its tensor are
 * @param epoch small letters and digits that stand for all that makes its features: weights, shape,
 *     preprocessing; what was learned of another epoch says nothing about this one
 * @param scaleKnown whether the tails of its values are known to be harmless
 */
public record TeacherCard(
        String sensor, Alignment aligned, Axes axes, String epoch, boolean scaleKnown) {
    private static final String SENSOR = "sensor";
    private static final String ALIGNED = "aligned";
    private static final String AXES = "axes";
    private static final String EPOCH = "epoch";
    private static final String SCALE = "scale";
    private static final String KNOWN = "known";

    /**
     * Checks the epoch.
     *
     * @throws IllegalArgumentException if it is too long or has other characters
     */
    public TeacherCard {
        if (!epoch.matches("[a-z0-9]{0,64}")) {
            throw new IllegalArgumentException(
                    "epoch of "
                            + epoch.length()
                            + " characters is not 0 to 64 small letters and digits");
        }
    }

    /**
     * Reads it from a manifest.
     *
     * @throws IllegalArgumentException if an attribute makes no sense
     */
    public static TeacherCard of(Manifest manifest) {
        Map<String, String> attributes = manifest.attributes();
        return new TeacherCard(
                attributes.getOrDefault(SENSOR, ""),
                Alignment.parse(attributes.getOrDefault(ALIGNED, Alignment.NONE.text())),
                Axes.parse(attributes.getOrDefault(AXES, Axes.ROWS.text())),
                attributes.getOrDefault(EPOCH, ""),
                KNOWN.equals(attributes.get(SCALE)));
    }

    /** What to say in the manifest. */
    public Map<String, String> attributes() {
        Map<String, String> attributes = new TreeMap<>();
        attributes.put(SENSOR, sensor);
        attributes.put(ALIGNED, aligned.text());
        attributes.put(AXES, axes.text());
        attributes.put(EPOCH, epoch);
        if (scaleKnown) {
            attributes.put(SCALE, KNOWN);
        }
        return attributes;
    }

    /**
     * Whether a teacher's tensors belong to the frames of this sensor: a frame's number does not
     * tell whose it is. A teacher that does not say is taken at its number's word.
     */
    public static boolean looksAt(Manifest teacher, String sensor) {
        return teacher.attributes().getOrDefault(SENSOR, sensor).equals(sensor);
    }
}
