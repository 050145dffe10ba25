package io.fluxfoam.teacher.llm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The meanings of the texts that were asked for last: what is said again costs nothing. One model,
 * one text, one meaning, so what it gives is what the model would. Bounded: what was not asked for
 * longest gives way. For one thread at a time.
 */
final class MeaningCache {
    private final Source source;
    private final int capacity;
    private final Map<String, float[]> meanings = new LinkedHashMap<>(16, .75f, true);

    /** What gives a text's meaning. */
    @FunctionalInterface
    interface Source {
        void embed(String text, MemorySegment target);
    }

    /**
     * @param capacity texts kept; a meaning is 1.5 KiB
     */
    MeaningCache(int capacity, Source source) {
        this.capacity = capacity;
        this.source = source;
    }

    /**
     * Writes a text's meaning.
     *
     * @return whether the source was asked
     */
    boolean embed(String text, MemorySegment target) {
        float[] known = meanings.get(text);
        if (known != null) {
            MemorySegment.copy(known, 0, target, ValueLayout.JAVA_FLOAT, 0, known.length);
            return false;
        }
        source.embed(text, target);
        if (meanings.size() == capacity) {
            meanings.remove(meanings.keySet().iterator().next());
        }
        meanings.put(
                text,
                target.asSlice(0, (long) SentenceEmbedding.CHANNELS * Float.BYTES)
                        .toArray(ValueLayout.JAVA_FLOAT));
        return true;
    }
}
