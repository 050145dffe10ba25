package io.fluxfoam.teacher.memory;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Within which one input has one result: all that decides what a teacher computes.
 *
 * @param epoch the teacher's, for people
 * @param first of 128 bits that stand for the epoch and for what computes
 * @param second the other half
 */
public record Namespace(String epoch, long first, long second) {
    /**
     * A namespace.
     *
     * @param epoch weights, preprocessing, shape
     * @param computedBy what may change the last bits of a result: runtime, threads, processor
     */
    public static Namespace of(String epoch, String computedBy) {
        Fingerprint all =
                new Fingerprint()
                        .take((epoch + "\n" + computedBy).getBytes(StandardCharsets.UTF_8));
        return new Namespace(epoch, all.first(), all.second());
    }

    /** The 128 bits. */
    String key() {
        return String.format(Locale.ROOT, "%016x%016x", first, second);
    }
}
