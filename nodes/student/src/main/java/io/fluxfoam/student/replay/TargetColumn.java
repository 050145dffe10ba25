package io.fluxfoam.student.replay;

import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.Standardizer;
import io.fluxfoam.distill.Statistics;
import io.fluxfoam.memory.SegmentWords;
import io.fluxfoam.memory.Words;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory for the targets of one region for every row of the replay arena, allocated when the region
 * joins, with those that an earlier life left. The duty cycle writes, the trainer reads.
 *
 * <pre>
 *   statistics  [versions]           i64 1 if they are there, then Statistics.writeTo, little-endian, 8-byte aligned
 *   words       i64 [capacity, 2]    frame or 0, version of the statistics it is standardised under
 *   values      f32 [capacity, length]
 * </pre>
 *
 * <p>A target is there if its frame is the row's: so it belongs to nothing else, whatever became of
 * the row since. The word becomes 0 before the first byte of another target is written, and that
 * one's frame after the last. Each version of the statistics is written once, before the first
 * target that needs it; 0 is the identity and not written.
 */
public final class TargetColumn {
    private static final int WORD_BYTES = 16;
    private static final int WORD_VERSION = 8;

    /** Enough values to see whether two targets say the same. */
    private static final int COMPARED = 256;

    private final Region region;
    private final MemorySegment body;
    private final Words words;
    private final long wordsAt;
    private final long valuesAt;
    private final Statistics[] statistics;

    /**
     * The column of a region.
     *
     * @param part its name in the replay
     * @param epoch of its teacher: what another one has said is not taken up
     */
    TargetColumn(ReplayMemory memory, String part, Region region, String epoch, int capacity) {
        this.region = region;
        wordsAt = Standardizer.LAST_VERSION * slotBytes(region);
        valuesAt = wordsAt + (long) capacity * WORD_BYTES;
        body =
                memory.part(
                        part,
                        "moments="
                                + capacity
                                + " tokens="
                                + region.tokens()
                                + " dim="
                                + region.dim()
                                + " epoch="
                                + epoch,
                        valuesAt + capacity * valueBytes(region),
                        left -> requireReadable(left, region, capacity));
        words = new SegmentWords(body);
        try {
            statistics = readStatistics(body, region);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // they were read before
        }
    }

    /** Name of a region's part of the replay. */
    static String part(Region region) {
        return "targets." + region.name();
    }

    /** Name of the part with what the student itself said of the region. */
    static String ownPart(Region region) {
        return "own." + region.name();
    }

    private static long slotBytes(Region region) {
        return Math.ceilDiv(Long.BYTES + Statistics.bytes(region.dim()), Long.BYTES)
                * (long) Long.BYTES;
    }

    private static long valueBytes(Region region) {
        return (long) region.length() * Float.BYTES;
    }

    private static void requireReadable(MemorySegment left, Region region, int capacity)
            throws IOException {
        Statistics[] known = readStatistics(left, region);
        Words words = new SegmentWords(left);
        for (int row = 0; row < capacity; row++) {
            long at = Standardizer.LAST_VERSION * slotBytes(region) + (long) row * WORD_BYTES;
            long version = words.get(at + WORD_VERSION);
            boolean isKnown =
                    version >= 0 && version < known.length && known[(int) version] != null;
            if (words.get(at) != 0 && !isKnown) {
                throw new IOException(
                        "row=" + row + " statistics version=" + version + " is not there");
            }
        }
    }

    private static Statistics[] readStatistics(MemorySegment body, Region region)
            throws IOException {
        Statistics[] known = new Statistics[1 + Standardizer.LAST_VERSION];
        known[0] = Statistics.identity(region.dim());
        for (int version = 1; version < known.length; version++) {
            MemorySegment slot = body.asSlice((version - 1) * slotBytes(region), slotBytes(region));
            if (new SegmentWords(slot).getAcquire(0) != 0) {
                known[version] = Statistics.readFrom(statisticsIn(slot));
                if (known[version].version() != version || known[version].dim() != region.dim()) {
                    throw new IOException(
                            "statistics version="
                                    + known[version].version()
                                    + " dim="
                                    + known[version].dim()
                                    + " in the place of version="
                                    + version
                                    + " dim="
                                    + region.dim());
                }
            }
        }
        return known;
    }

    private static ByteBuffer statisticsIn(MemorySegment slot) {
        return slot.asSlice(Long.BYTES).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Duty cycle: the newest statistics of these and all that targets here were standardised under;
     * these only if they are newer.
     */
    Statistics newest(Statistics other) {
        for (int version = Standardizer.LAST_VERSION; version >= other.version(); version--) {
            if (statistics[version] != null) {
                return statistics[version];
            }
        }
        return other;
    }

    /**
     * Duty cycle: writes the target of a moment that has none and makes it visible.
     *
     * @param bound no standardised value is farther from 0
     * @return false if a value cannot be this teacher's; the target stays absent
     */
    boolean write(Moment moment, MemorySegment teacherValues, Statistics current, float bound) {
        withdraw(moment);
        if (!current.standardize(teacherValues, at(moment), 0)) {
            return false;
        }
        clip(at(moment), bound);
        show(moment, current);
        return true;
    }

    private static void clip(MemorySegment values, float bound) {
        long count = bound == Float.POSITIVE_INFINITY ? 0 : values.byteSize() / Float.BYTES;
        for (long i = 0; i < count; i++) {
            float value = values.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            values.setAtIndex(ValueLayout.JAVA_FLOAT, i, Math.clamp(value, -bound, bound));
        }
    }

    /**
     * Duty cycle: the same with values that were standardised elsewhere, under these statistics.
     */
    boolean writeStandardized(
            Moment moment, MemorySegment standardized, Statistics current, float bound) {
        if (!current.areCredible(standardized)) {
            return false;
        }
        withdraw(moment);
        at(moment).copyFrom(standardized);
        clip(at(moment), bound);
        show(moment, current);
        return true;
    }

    /**
     * Trainer, of a column that it alone writes: what the student says of a pinned moment, if that
     * makes sense.
     */
    public void said(Moment moment, MemorySegment standardized, Statistics current) {
        writeStandardized(moment, standardized, current, Float.POSITIVE_INFINITY);
    }

    /** Duty cycle: the target of this moment is no longer there. */
    void withdraw(Moment moment) {
        words.set(wordAt(moment), 0);
        words.fullFence();
    }

    private void show(Moment moment, Statistics current) {
        if (statistics[current.version()] == null) {
            keep(current);
        }
        words.set(wordAt(moment) + WORD_VERSION, current.version());
        words.setRelease(wordAt(moment), moment.frameNumber());
    }

    private void keep(Statistics current) {
        long slot = (current.version() - 1) * slotBytes(region);
        current.writeTo(statisticsIn(body.asSlice(slot, slotBytes(region))));
        words.setRelease(slot, 1);
        statistics[current.version()] = current;
    }

    /** Whether the target of this moment is there. */
    public boolean present(Moment moment) {
        return words.getAcquire(wordAt(moment)) == moment.frameNumber();
    }

    /**
     * Trainer: under which statistics the target of a pinned moment stands, or null if it is
     * absent.
     */
    public Statistics statistics(Moment moment) {
        return present(moment) ? statistics[(int) words.get(wordAt(moment) + WORD_VERSION)] : null;
    }

    /** The floats of a moment's target. */
    public MemorySegment at(Moment moment) {
        return body.asSlice(valuesAt + moment.row() * valueBytes(region), valueBytes(region));
    }

    /**
     * Duty cycle: mean squared distance of two targets that are there, over some of their values.
     */
    double distance(Moment one, Moment other) {
        MemorySegment a = at(one);
        MemorySegment b = at(other);
        int stride = Math.max(1, region.length() / COMPARED);
        double squares = 0;
        int compared = 0;
        for (long i = 0; i < region.length(); i += stride, compared++) {
            double difference =
                    a.getAtIndex(ValueLayout.JAVA_FLOAT, i)
                            - b.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            squares += difference * difference;
        }
        return squares / compared;
    }

    private long wordAt(Moment moment) {
        return wordsAt + (long) moment.row() * WORD_BYTES;
    }
}
