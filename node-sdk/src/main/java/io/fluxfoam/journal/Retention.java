package io.fluxfoam.journal;

/**
 * How much of a node's journal is kept: one file for each hour of each incarnation in which
 * something was written.
 *
 * @param files how many files, the current one included; older ones are deleted
 * @param bytesPerFile bytes of facts that a file takes; what comes after that in its hour is
 *     dropped
 */
public record Retention(int files, long bytesPerFile) {
    /** Two days of a kilobyte every four seconds. */
    public static final Retention DEFAULT = new Retention(48, 1 << 20);

    /** Checks the bounds. */
    public Retention {
        if (files < 1 || bytesPerFile < 1) {
            throw new IllegalArgumentException(
                    "bad retention: files=" + files + " bytesPerFile=" + bytesPerFile);
        }
    }
}
