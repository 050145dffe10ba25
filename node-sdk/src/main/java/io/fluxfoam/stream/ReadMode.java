package io.fluxfoam.stream;

/** What a reader gets when there is more than one new commit. */
public enum ReadMode {
    /** The newest; what lies between is missed. */
    LATEST,
    /** The oldest that is still there; what was recycled before it is missed. */
    IN_ORDER,
    /**
     * As {@link #IN_ORDER}, and who joins late begins with the oldest that is still there instead
     * of the newest.
     */
    FROM_OLDEST
}
