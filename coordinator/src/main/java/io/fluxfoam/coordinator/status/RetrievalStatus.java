package io.fluxfoam.coordinator.status;

import org.jspecify.annotations.Nullable;

/**
 * Retrieval over one set of held-out sentences.
 *
 * @param top1 fraction of {@code frames} whose own sentence was the nearest of all {@code
 *     candidates}
 * @param chance what guessing gives: 1 / candidates
 * @param frames renderings that {@code top1} covers
 */
public record RetrievalStatus(
        @Nullable Double top1,
        @Nullable Long candidates,
        @Nullable Double chance,
        @Nullable Long frames) {
    /** Nothing measured yet. */
    public static final RetrievalStatus UNKNOWN = new RetrievalStatus(null, null, null, null);
}
