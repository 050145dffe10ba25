package io.fluxfoam.teacher.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.teacher.ModelDirectory;
import io.fluxfoam.teacher.ModelException;
import io.fluxfoam.teacher.Sample;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class ReadingTeacherTest {
    private static final List<TextDecoder.Reading> READINGS = new ArrayList<>();
    private static ReadingTeacher teacher;

    @BeforeAll
    static void load() {
        ModelDirectory models =
                ModelDirectory.of("teacher-vision", ReadingTeacher.class, Optional.empty());
        teacher = new ReadingTeacher(models, 1, READINGS::add);
        teacher.load();
    }

    @AfterAll
    static void close() {
        teacher.close();
    }

    private static float[] features(Sample picture, Arena arena) {
        MemorySegment features = arena.allocate(40 * 120 * Float.BYTES, 64);
        assertTrue(teacher.infer(picture, features));
        return features.toArray(ValueLayout.JAVA_FLOAT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "broken pillow behind the tower",
                "frozen drum inside the meadow",
                "quiet dog above the tunnel",
                "dusty parrot under the meadow",
                "green dog above the garden",
                "empty turtle inside the kitchen"
            })
    void shouldReadSentenceThatTheSensorDrew(String sentence) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            features(Pictures.of(sentence, arena), arena);
            assertEquals(sentence, READINGS.getLast().text());
            assertTrue(READINGS.getLast().confidence() > 0.9, READINGS.getLast()::toString);
        }
    }

    @Test
    void shouldGiveTheSameFeaturesForTheSamePictureWhateverCameBefore() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            Sample picture = Pictures.of("quiet dog above the tunnel", arena);
            float[] first = features(picture, arena);
            features(Pictures.blank(96, 320, arena), arena);
            assertArrayEquals(first, features(picture, arena));
        }
    }

    @Test
    void shouldPublishMiddleRowsOfPictureWithoutText() {
        try (Arena arena = Arena.ofConfined()) {
            float[] features = features(Pictures.blank(96, 320, arena), arena);
            assertEquals("", READINGS.getLast().text());
            for (float feature : features) {
                assertTrue(Float.isFinite(feature));
            }
        }
    }

    @Test
    void shouldTakePicturesOfAnySize() {
        try (Arena arena = Arena.ofConfined()) {
            for (int[] size : new int[][] {{64, 320}, {96, 128}, {480, 640}, {100, 33}}) {
                for (float feature : features(Pictures.blank(size[0], size[1], arena), arena)) {
                    assertTrue(Float.isFinite(feature));
                }
            }
        }
    }

    @Test
    void shouldRefuseAPictureThatIsNotOfThreeColours() {
        try (Arena arena = Arena.ofConfined()) {
            Sample grey = new Sample(arena.allocate(96 * 320), 96, 320, 1);
            ModelException e = assertThrows(ModelException.class, () -> features(grey, arena));
            assertEquals(
                    "wrong shape for picture: expected [?,?,3], actual [96,320,1]", e.getMessage());
        }
    }
}
