package io.fluxfoam.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.FrameShape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

class SourcesTest {
    private final Sources sources =
            new Sources(FrameShape.STANDARD, 1, 7, false, "openmoji", line -> {});

    @ParameterizedTest
    @ValueSource(strings = {"", "scenes", "scenes:x", "emoji:x", "file:", "camera:0", ":"})
    void shouldRefuseWhatIsNoSourceAndSayWhatIs(String source) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> sources.open(source));
        assertEquals(
                "source=\""
                        + source
                        + "\" is not scenes:, emoji:, file:PATH or live:[VIDEO_DEVICE[,AUDIO_DEVICE]]",
                refusal.getMessage());
    }

    @Test
    void shouldSayWhichFileIsMissing(@TempDir Path folder) {
        Path missing = folder.resolve("missing.mkv");
        SourceException failure =
                assertThrows(SourceException.class, () -> sources.open("file:" + missing));
        assertEquals("file not found: " + missing, failure.getMessage());
    }

    @Test
    void shouldSayWhichDeviceIsMissing() {
        SourceException failure =
                assertThrows(
                        SourceException.class, () -> sources.open("live:/dev/no-such-camera,none"));
        assertEquals("camera not found: /dev/no-such-camera", failure.getMessage());
        failure = assertThrows(SourceException.class, () -> sources.open("live:none,hw:99"));
        assertTrue(failure.getMessage().startsWith("cannot open microphone"), failure.getMessage());
        assertEquals(1, failure.getMessage().lines().count());
    }

    @Test
    void shouldOpenScenes() throws SourceException {
        try (FrameSource scenes = sources.open("scenes:")) {
            assertEquals(FrameShape.STANDARD, scenes.shape());
            assertTrue(scenes.captioned());
        }
    }
}
