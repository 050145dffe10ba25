package io.fluxfoam.teacher.llm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

class MeaningCacheTest {
    private final List<String> asked = new ArrayList<>();
    private final MeaningCache cache =
            new MeaningCache(
                    2,
                    (text, target) -> {
                        asked.add(text);
                        for (int i = 0; i < SentenceEmbedding.CHANNELS; i++) {
                            target.setAtIndex(ValueLayout.JAVA_FLOAT, i, text.hashCode() + i);
                        }
                    });
    private final MemorySegment target =
            Arena.ofAuto().allocate(SentenceEmbedding.CHANNELS * Float.BYTES, 64);

    @Test
    void shouldAskOnceForWhatIsSaidAgainAndSayTheSame() {
        assertTrue(cache.embed("kite", target));
        float[] first = target.toArray(ValueLayout.JAVA_FLOAT);
        assertEquals("kite".hashCode(), first[0]);
        target.fill((byte) 7);
        assertFalse(cache.embed("kite", target));
        assertArrayEquals(first, target.toArray(ValueLayout.JAVA_FLOAT));
        assertTrue(cache.embed("Kite", target), "another text");
        assertEquals(List.of("kite", "Kite"), asked);
    }

    @Test
    void shouldForgetWhatWasNotSaidLongest() {
        cache.embed("kite", target);
        cache.embed("drum", target);
        cache.embed("kite", target);
        cache.embed("boat", target);
        assertFalse(cache.embed("kite", target));
        assertTrue(cache.embed("drum", target));
    }
}
