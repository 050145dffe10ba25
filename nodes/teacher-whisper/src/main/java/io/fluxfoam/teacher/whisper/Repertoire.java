package io.fluxfoam.teacher.whisper;

import io.fluxfoam.distill.Hearing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * The captions that an utterance is compared with, numbered as they were learned: the sensor's
 * candidates come first, then whatever else it shows. An edition only grows; other candidates begin
 * a new one. Bounded, in captions and in bytes: what comes when it is full is left out.
 */
final class Repertoire {
    /** Most bytes of its text. */
    static final int MOST_BYTES = 1 << 18;

    private final Set<String> met = new HashSet<>();
    private final Queue<String> waiting = new ArrayDeque<>();
    private final List<String> captions = new ArrayList<>();
    private long edition = 1;
    private int metBytes;

    /** Begins a new edition with these. */
    void begin(Collection<String> candidates) {
        edition++;
        metBytes = 0;
        met.clear();
        waiting.clear();
        captions.clear();
        candidates.forEach(this::meet);
    }

    /** Takes a caption that was shown. One of several lines has no place in the text. */
    void meet(String caption) {
        if (met.contains(caption) || caption.isBlank() || caption.indexOf('\n') >= 0) {
            return;
        }
        int bytes = caption.getBytes(StandardCharsets.UTF_8).length + 1;
        if (met.size() < Hearing.MOST_CAPTIONS && metBytes + bytes <= MOST_BYTES) {
            met.add(caption);
            metBytes += bytes;
            waiting.add(caption);
        }
    }

    /** The next caption to learn, no longer waiting; null if there is none. */
    String next() {
        return waiting.poll();
    }

    /** Numbers a caption that was learned. */
    void add(String caption) {
        captions.add(caption);
    }

    /** What was learned, in its order. */
    List<String> captions() {
        return Collections.unmodifiableList(captions);
    }

    /** Captions of another edition have other numbers. */
    long edition() {
        return edition;
    }

    /** A line for each caption. */
    byte[] text() {
        StringBuilder text = new StringBuilder();
        captions.forEach(caption -> text.append(caption).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
