package io.fluxfoam.teacher.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;

class FingerprintIndexTest {
    /** Many of these have one home, so that most stand aside for others. */
    private static final int KEYS = 4_000;

    private static final int HOMES = 37;

    private final FingerprintIndex index = new FingerprintIndex();

    private static long first(int key) {
        return key % HOMES + ((long) key << 40);
    }

    @Test
    void shouldKnowWhatAMapKnows() {
        Random random = new Random(3);
        Map<Integer, Long> map = new HashMap<>();
        for (int i = 0; i < 60_000; i++) {
            int key = random.nextInt(KEYS);
            long location = 1 + random.nextInt(1_000);
            if (random.nextInt(3) > 0) {
                index.put(first(key), key, location);
                map.put(key, location);
            } else if (map.containsKey(key)) {
                assertFalse(index.remove(first(key), key, map.get(key) + 1), "elsewhere");
                index.remove(first(key), key, map.remove(key));
            }
            assertEquals(map.size(), index.size());
        }
        for (int key = 0; key < KEYS; key++) {
            assertEquals(map.getOrDefault(key, FingerprintIndex.NONE), index.get(first(key), key));
        }
        index.clear();
        assertEquals(0, index.size());
        assertEquals(FingerprintIndex.NONE, index.get(first(1), 1));
    }
}
