package io.fluxfoam.counters;

/**
 * A distinct error.
 *
 * @param count how often it happened
 * @param firstMillis when first, milliseconds since the epoch
 * @param lastMillis when last
 * @param text exception with its stack trace
 */
public record ErrorEntry(int count, long firstMillis, long lastMillis, String text) {
    /** First line of the text. */
    public String summary() {
        int end = text.indexOf('\n');
        return (end < 0 ? text : text.substring(0, end)).strip();
    }
}
