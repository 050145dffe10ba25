package io.fluxfoam.sensor.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.SourceException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;

/**
 * FFmpeg's own test signals, opened as the devices they are, stand in for a camera and a
 * microphone.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LiveSourceTest {
    private static final FrameShape SHAPE = FrameShape.STANDARD;
    private static final String GREEN = "lavfi:color=c=0x00ff00:size=640x480:rate=30";
    private static final String TONE = "lavfi:sine=frequency=440:sample_rate=44100";

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment picture = arena.allocate(SHAPE.pictureBytes());
    private final MemorySegment sound = arena.allocate(SHAPE.soundBytes(), Float.BYTES);

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void shouldShowAndHearItsDevices() throws SourceException {
        try (LiveSource source = new LiveSource(GREEN, TONE, SHAPE, 1)) {
            do {
                assertTrue(source.read(0, picture, sound));
            } while (power(SoundRing.WINDOW_STEP) < .005); // until the tone has filled the window
            assertEquals(0, picture.get(ValueLayout.JAVA_BYTE, 3_000) & 0xFF, 4);
            assertEquals(255, picture.get(ValueLayout.JAVA_BYTE, 3_001) & 0xFF, 4);
            assertEquals(440, zeroCrossings() / 2.0 / (SHAPE.soundSamples() / 16_000.0), 5);
        }
    }

    @Test
    void shouldGoWithoutAMicrophone() throws SourceException {
        try (LiveSource source = new LiveSource(GREEN, "none", SHAPE, 1)) {
            assertTrue(source.read(0, picture, sound));
            assertEquals(255, picture.get(ValueLayout.JAVA_BYTE, 1) & 0xFF, 4);
            assertEquals(1e-6, power(SHAPE.soundSamples()), 2e-7);
        }
    }

    @Test
    void shouldFailWhenADeviceHasEnded() throws SourceException {
        String brief = "lavfi:color=c=red:size=64x48:rate=30:duration=0.1";
        try (LiveSource source = new LiveSource(brief, "none", SHAPE, 1)) {
            SourceException failure =
                    assertThrows(
                            SourceException.class,
                            () -> {
                                while (true) {
                                    source.read(0, picture, sound);
                                }
                            });
            assertEquals("camera " + brief + " has ended", failure.getMessage());
        }
    }

    @Test
    void shouldSayInOneLineWhichDeviceDoesNotOpen() {
        SourceException failure =
                assertThrows(
                        SourceException.class, () -> new LiveSource("nokind:x", "none", SHAPE, 1));
        assertTrue(
                failure.getMessage().startsWith("cannot open camera nokind:x: "),
                failure.getMessage());
        failure =
                assertThrows(SourceException.class, () -> new LiveSource("none", "none", SHAPE, 1));
        assertTrue(
                failure.getMessage().contains("needs a camera or a microphone"),
                failure.getMessage());
    }

    /** Mean square of the window's first samples. */
    private double power(int samples) {
        double sum = 0;
        for (int i = 0; i < samples; i++) {
            float sample = sound.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            sum += sample * sample;
        }
        return sum / samples;
    }

    private int zeroCrossings() {
        int crossings = 0;
        boolean above = false;
        for (int i = 0; i < SHAPE.soundSamples(); i++) {
            float sample = sound.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            if (Math.abs(sample)
                    > .02) { // a band around zero, so that the noise floor does not count
                crossings += above == sample > 0 ? 0 : 1;
                above = sample > 0;
            }
        }
        return crossings;
    }
}
