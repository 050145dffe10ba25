package io.fluxfoam.coordinator.status;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the student counts, and what the evaluator holds of its teachers.
 *
 * @param step trained batches, over all incarnations
 * @param loss of the newest steps
 * @param momentsPerSecond fresh moments that entered the replay
 * @param width channels of its hidden layers, as a share of the packaged student's
 * @param renewedUnits units of its network that began anew; null if they never do
 * @param deadUnits those that say next to nothing; null if nobody watches
 * @param copiedBytes payload bytes that were copied on their way in
 * @param teachers by node name
 */
public record StudentStatus(
        @Nullable Long step,
        @Nullable Double loss,
        @Nullable Double stepsPerSecond,
        @Nullable Double samplesPerSecond,
        @Nullable Double momentsPerSecond,
        @Nullable Long parameters,
        @Nullable Double width,
        @Nullable Long renewedUnits,
        @Nullable Long deadUnits,
        @Nullable Long copiedBytes,
        Map<String, TeacherStatus> teachers) {
    /** No student has published anything. */
    public static final StudentStatus UNKNOWN =
            new StudentStatus(null, null, null, null, null, null, null, null, null, null, Map.of());

    public StudentStatus {
        teachers = Collections.unmodifiableMap(new TreeMap<>(teachers));
    }
}
