package io.fluxfoam.evaluator;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/** Values that wait for their counterpart of the same frame. Bounded: the oldest gives way. */
final class FrameJoin<V> {
    private final int capacity;
    private final Map<Long, V> byFrame = new LinkedHashMap<>();

    /** Room for this many frames. */
    FrameJoin(int capacity) {
        this.capacity = capacity;
    }

    /** Keeps the value of a frame. */
    void put(long frameNumber, V value) {
        byFrame.remove(frameNumber);
        if (byFrame.size() == capacity) {
            byFrame.remove(byFrame.keySet().iterator().next());
        }
        byFrame.put(frameNumber, value);
    }

    /** The value of a frame, or null. */
    @Nullable V get(long frameNumber) {
        return byFrame.get(frameNumber);
    }

    /** The value of a frame, no longer kept, or null. */
    @Nullable V take(long frameNumber) {
        return byFrame.remove(frameNumber);
    }

    /** How many frames are kept. */
    int size() {
        return byFrame.size();
    }
}
