package io.fluxfoam.sensor.media;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/**
 * What a frame of a folder shows and plays.
 *
 * @param caption null if it has none
 * @param turn among the showings of this caption, which begin with another take each
 */
record Showing(@Nullable String caption, Sense pictures, Sense sounds, int turn) {
    /**
     * What there is for an eye, or an ear.
     *
     * @param takes files that are as good as each other; none: it is dark, or quiet
     * @param rendered whether a take is varied in any case, since as it is others know it
     */
    record Sense(List<Path> takes, boolean rendered) {
        Sense {
            takes = List.copyOf(takes);
        }

        /** One take, or none, as it is. */
        static Sense of(@Nullable Path take) {
            return new Sense(take == null ? List.of() : List.of(take), false);
        }
    }
}
