package io.fluxfoam.evaluator.verdict;

import io.fluxfoam.evaluator.verdict.VerdictPanel.Said;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Joins what came of each frame and gives it on frame after frame, in the order of their numbers,
 * whoever was faster. A frame is given on when each teacher and the student has come as far as it,
 * since each speaks of frames in their order; who has been silent for 64 frames is not waited for.
 */
public final class FrameFeed {
    private static final int SILENT_FRAMES = 64;
    private static final String STUDENT = ""; // no node has this name

    private final Sink sink;
    private final TreeMap<Long, Parts> frames = new TreeMap<>();
    private final Map<String, Source> sources = new HashMap<>();
    private long given = Long.MIN_VALUE;
    private long known;

    /** Who is given one frame after another: what was said of it, by teacher. */
    @FunctionalInterface
    public interface Sink {
        void frame(long frameNumber, Map<String, Said> said);
    }

    private record Parts(Map<String, Said> said, Map<String, float[]> predictions) {}

    /**
     * Who speaks of frames.
     *
     * @param newest frame that it spoke of
     * @param spokeAt how many frames were known then
     */
    private record Source(long newest, long spokeAt) {}

    public FrameFeed(Sink sink) {
        this.sink = sink;
    }

    /** Takes a teacher's tensor in its own units; returns how many frames were judged by it. */
    public int said(long frame, String teacher, String epoch, int dim, float[] tensor) {
        if (frame > given) {
            parts(frame).said().put(teacher, new Said(epoch, dim, tensor, null));
        }
        return heard(frame, teacher);
    }

    /**
     * Takes the student's prediction of a teacher's tensor, in the teacher's units; returns how
     * many frames were judged by it.
     */
    public int predicted(long frame, String teacher, float[] prediction) {
        if (frame > given) {
            parts(frame).predictions().put(teacher, prediction);
        }
        return heard(frame - 1, STUDENT); // of this frame it may have more to say
    }

    private Parts parts(long frame) {
        return frames.computeIfAbsent(
                frame,
                _ -> {
                    known++;
                    return new Parts(new HashMap<>(), new HashMap<>());
                });
    }

    private int heard(long frame, String source) {
        sources.merge(
                source,
                new Source(frame, known),
                (before, now) ->
                        new Source(Math.max(before.newest(), now.newest()), now.spokeAt()));
        long upTo = Long.MAX_VALUE;
        for (Source each : sources.values()) {
            if (known - each.spokeAt() < SILENT_FRAMES) {
                upTo = Math.min(upTo, each.newest());
            }
        }
        return giveOn(upTo);
    }

    /** Gives on all that is there; returns how many frames were judged. */
    public int flush() {
        return giveOn(Long.MAX_VALUE);
    }

    private int giveOn(long upTo) {
        int judged = 0;
        for (; !frames.isEmpty() && frames.firstKey() <= upTo; judged++) {
            Map.Entry<Long, Parts> first = frames.pollFirstEntry();
            Map<String, Said> said = first.getValue().said();
            said.replaceAll((teacher, what) ->
                    new Said(
                            what.epoch(),
                            what.dim(),
                            what.tensor(),
                            first.getValue().predictions().get(teacher)));
            given = first.getKey();
            sink.frame(given, said);
        }
        return judged;
    }
}
