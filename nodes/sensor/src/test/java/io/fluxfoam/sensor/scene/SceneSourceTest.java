package io.fluxfoam.sensor.scene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.SourceException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

class SceneSourceTest {
    private static final FrameShape SHAPE = FrameShape.STANDARD;
    private static final long SEED = 11;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment picture = arena.allocate(SHAPE.pictureBytes());
    private final MemorySegment sound = arena.allocate(SHAPE.soundBytes(), Float.BYTES);

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void shouldBeAPureFunctionOfSeedAndCounter() throws SourceException {
        Map<Long, String> first = new HashMap<>();
        try (SceneSource source = new SceneSource(SHAPE, SEED)) {
            for (long counter = 0; counter < 30; counter++) {
                first.put(counter, scene(source, counter));
            }
            assertEquals(first.get(3L), scene(source, 3), "read twice");
        }
        try (SceneSource restarted = new SceneSource(SHAPE, SEED)) {
            for (long counter = 29; counter >= 0; counter--) {
                assertEquals(first.get(counter), scene(restarted, counter), "counter=" + counter);
            }
        }
        assertEquals(30, first.values().stream().distinct().count());
    }

    @Test
    void shouldRenderOtherScenesForAnotherSeedInTheSameWorld() throws SourceException {
        try (SceneSource one = new SceneSource(SHAPE, SEED);
                SceneSource other = new SceneSource(SHAPE, SEED + 1)) {
            assertEquals(one.candidates(), other.candidates());
            assertNotEquals(scene(one, 2), scene(other, 2));
            assertEquals(one.caption(), other.caption(), "HOLDOUT frames walk one order");
            for (long counter = 0; counter < 20; counter++) {
                assertNotEquals(
                        scene(one, counter + 1),
                        scene(other, counter),
                        "seeds must not be shifted copies");
            }
        }
    }

    @Test
    void shouldHaveRoomForEachSentenceInTheSmallestFrame() throws SourceException {
        FrameShape smallest = new FrameShape(32, 160, 25_600);
        try (SceneSource source = new SceneSource(smallest, SEED)) {
            MemorySegment small = arena.allocate(smallest.pictureBytes());
            MemorySegment brief = arena.allocate(smallest.soundBytes(), Float.BYTES);
            for (long counter = 0; counter < 300; counter++) {
                assertTrue(source.read(counter, small, brief));
            }
        }
    }

    @Test
    void shouldCaptionEachSceneAndHaveCandidatesThatFitTheirStream() throws SourceException {
        try (SceneSource source = new SceneSource(SHAPE, SEED)) {
            assertTrue(source.captioned());
            scene(source, 2);
            List<CandidateSet> sets = source.candidates().sets();
            assertEquals(sets.getFirst().captions().getFirst(), source.caption());
            assertEquals(60, sets.getFirst().captions().size());
            assertEquals(40, sets.getLast().captions().size());
            assertEquals(source.candidates(), Candidates.parse(source.candidates().text()));
            assertFalse(source.candidates().isEmpty());
        }
    }

    /** Checksums of picture and sound, with the caption. */
    private String scene(SceneSource source, long counter) throws SourceException {
        picture.fill((byte) counter);
        sound.fill((byte) counter);
        assertTrue(source.read(counter, picture, sound));
        return source.caption() + " " + checksum(picture) + " " + checksum(sound);
    }

    private static long checksum(MemorySegment segment) {
        CRC32C crc = new CRC32C();
        crc.update(segment.asByteBuffer());
        return crc.getValue();
    }
}
