package io.fluxfoam.student.replay;

import io.fluxfoam.memory.SegmentWords;
import io.fluxfoam.memory.Words;

import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Which rows of the replay arena hold moments that are kept for good, of all that were ever the
 * oldest of the newest: {@link KeepRule} says which. Nothing is copied: the row of a moment that is
 * kept becomes one of these, and the next frame takes the row of the one that it displaces. The
 * duty cycle writes, the trainer asks for rows.
 *
 * <pre>
 *   seen   i64              how many moments were offered
 *   frames i64 [capacity]   the frame that is kept in this row
 * </pre>
 *
 * <p>A row is kept if its word is its frame: so a word that is left of another time means nothing.
 * A kill between two words leaves one kept moment too many or too few, never a wrong one.
 */
public final class Reservoir {
    /**
     * How much is kept.
     *
     * @param moments rows, beside those of the newest; 0 for no reservoir
     * @param share of a batch that is drawn from them
     * @param balanced whether of moments that say nearly the same fewer are kept
     * @param seed of who is kept
     */
    public record Settings(int moments, double share, boolean balanced, long seed) {
        /** The newest moments alone. */
        public static final Settings NONE = new Settings(0, 0, false, 0);
    }

    private final Settings settings;
    private final KeepRule rule;
    private final Words words;
    private final AtomicIntegerArray rows;
    private volatile int count;

    Reservoir(ReplayMemory memory, Settings settings, int capacity) {
        this.settings = settings;
        rule =
                settings.balanced()
                        ? KeepRule.balanced(settings.seed())
                        : KeepRule.uniform(settings.seed());
        rows = new AtomicIntegerArray(settings.moments());
        words =
                new SegmentWords(
                        memory.part(
                                "reservoir",
                                "moments=" + capacity + " kept=" + settings.moments(),
                                (1L + capacity) * Long.BYTES,
                                left -> {
                                    if (new SegmentWords(left).get(0) < 0) {
                                        throw new IOException("seen is less than 0");
                                    }
                                }));
    }

    boolean isFull() {
        return count == rows.length();
    }

    /** Whether an earlier life kept this moment. */
    boolean kept(Moment moment) {
        return words.get(wordAt(moment.row())) == moment.frameNumber();
    }

    /** Keeps a moment in a place that was free. */
    void add(Moment moment) {
        keep(count, moment);
        count++;
    }

    /** Counts a moment; the place of who makes room for it if all are taken, or none. */
    int place(KeepRule.Distances distances) {
        long seen = words.get(0) + 1;
        words.set(0, seen);
        return isFull() ? rule.displaced(seen, rows.length(), distances) : KeepRule.NOT_KEPT;
    }

    /** The row at this place. */
    int row(int place) {
        return rows.get(place);
    }

    /** Keeps a moment at this place instead of the one that was there. */
    void keep(int place, Moment moment) {
        words.setRelease(wordAt(moment.row()), moment.frameNumber());
        rows.set(place, moment.row());
    }

    /** Trainer: a row to draw from, or -1 if it is the newest's turn. */
    int draw(SplittableRandom random) {
        int known = count;
        return known > 0 && random.nextDouble() < settings.share()
                ? rows.get(random.nextInt(known))
                : -1;
    }

    private static long wordAt(int row) {
        return (1L + row) * Long.BYTES;
    }
}
