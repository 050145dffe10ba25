package io.fluxfoam.sensor.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.SourceException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * FFmpeg's own test signals, opened as the devices they are, stand in for a camera and a
 * microphone.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LiveSourceTest {
    private static final FrameShape SHAPE = FrameShape.STANDARD;
    private static final String GREEN = "lavfi:color=c=0x00ff00:size=640x480:rate=30";
    private static final String TONE = "lavfi:sine=frequency=440:sample_rate=44100";

    @TempDir private Path folder;
    private final List<String> notices = new CopyOnWriteArrayList<>();
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment picture = arena.allocate(SHAPE.pictureBytes());
    private final MemorySegment sound = arena.allocate(SHAPE.soundBytes(), Float.BYTES);

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void shouldShowAndHearItsDevices() throws SourceException {
        try (LiveSource source =
                new LiveSource(GREEN, TONE, SHAPE, CameraView.WHOLE, 1, notices::add)) {
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
        try (LiveSource source =
                new LiveSource(GREEN, "none", SHAPE, CameraView.WHOLE, 1, notices::add)) {
            assertTrue(source.read(0, picture, sound));
            assertEquals(255, picture.get(ValueLayout.JAVA_BYTE, 1) & 0xFF, 4);
            assertEquals(1e-6, power(SHAPE.soundSamples()), 2e-7);
        }
    }

    @Test
    void shouldGoOnWithoutADeviceThatIsLostUntilItIsBack() throws Exception {
        Path film = RecordedVideo.record(folder.resolve("film.mkv"), 3, 4_800);
        String camera = "lavfi:movie=" + film;
        String microphone = "lavfi:amovie=" + film;
        try (LiveSource source =
                new LiveSource(camera, microphone, SHAPE, CameraView.WHOLE, 1, notices::add)) {
            Path away = Files.move(film, folder.resolve("away.mkv"));
            await(source, () -> told("camera " + camera + " is lost: it has ended; ") > 0);
            await(source, () -> told("microphone " + microphone + " is lost: ") > 0);
            await(source, () -> red() == 0);
            await(source, () -> power(SHAPE.soundSamples()) < 2e-6);
            Files.move(away, film);
            await(source, () -> told("camera " + camera + " is back") > 0);
            await(source, () -> told("microphone " + microphone + " is back") > 0);
        }
    }

    @Test
    void shouldTellThatAMicrophoneIsSilentForLongAndHeardAgain() throws Exception {
        String microphone =
                "lavfi:sine=frequency=440:sample_rate=16000,volume=0:enable='between(t,1,40)'";
        try (LiveSource source =
                new LiveSource("none", microphone, SHAPE, CameraView.WHOLE, 1, notices::add)) {
            await(source, () -> told("microphone " + microphone + " is heard again") > 0);
        }
        assertEquals(
                "microphone "
                        + microphone
                        + " has been silent for 30 s: muted, or not the one that is meant?",
                notices.getFirst());
        assertEquals(2, notices.size(), notices.toString());
    }

    @Test
    void shouldCropAndTurnTheCamerasPicture() throws Exception {
        // Left half red, right half blue; the bottom quarter of both is green.
        String camera =
                "lavfi:color=c=0xff0000:size=640x480,drawbox=x=320:w=320:h=480:c=0x0000ff:t=fill,"
                        + "drawbox=y=360:w=640:h=120:c=0x00ff00:t=fill";
        assertCorners(camera, CameraView.of(0, null), "rbgg");
        assertCorners(camera, CameraView.of(90, null), "grgb");
        assertCorners(camera, CameraView.of(180, null), "ggbr");
        assertCorners(camera, CameraView.of(270, null), "bgrg");
        assertCorners(camera, CameraView.of(0, "200x100+400+50"), "bbbb");
        assertCorners(camera, CameraView.of(0, "400x200"), "rbrb");
        SourceException refusal =
                assertThrows(
                        SourceException.class,
                        () -> open(camera, CameraView.of(0, "600x400+100+0")).close());
        assertEquals(
                "camera "
                        + camera
                        + " gives pictures of 640x480: the part 600x400 to be shown is not in them",
                refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"45,", "360,", "-90,", "0,10x", "0,0x10", "0,10x10+1", "0,10x10+1+-1"})
    void shouldRefuseAViewThatIsNone(int degrees, String crop) {
        assertThrows(IllegalArgumentException.class, () -> CameraView.of(degrees, crop));
    }

    private LiveSource open(String camera, CameraView view) throws SourceException {
        return new LiveSource(camera, "none", SHAPE, view, 1, notices::add);
    }

    /** Upper left, upper right, lower left and lower right are red, green or blue. */
    private void assertCorners(String camera, CameraView view, String colours)
            throws SourceException {
        try (LiveSource source = open(camera, view)) {
            assertTrue(source.read(0, picture, sound));
        }
        StringBuilder corners = new StringBuilder();
        for (int y : new int[] {4, SHAPE.height() - 5}) {
            for (int x : new int[] {4, SHAPE.width() - 5}) {
                int at = (y * SHAPE.width() + x) * 3;
                for (int c = 0; c < 3; c++) {
                    if ((picture.get(ValueLayout.JAVA_BYTE, at + c) & 0xFF) > 200) {
                        corners.append("rgb".charAt(c));
                    }
                }
            }
        }
        assertEquals(colours, corners.toString(), view.toString());
    }

    private void await(LiveSource source, BooleanSupplier condition) throws Exception {
        do {
            assertTrue(source.read(0, picture, sound));
            Thread.onSpinWait();
        } while (!condition.getAsBoolean());
    }

    private long told(String beginning) {
        return notices.stream().filter(line -> line.startsWith(beginning)).count();
    }

    private int red() {
        return picture.get(ValueLayout.JAVA_BYTE, 3_000) & 0xFF;
    }

    @Test
    void shouldSayInOneLineWhichDeviceDoesNotOpen() {
        SourceException failure =
                assertThrows(
                        SourceException.class, () -> open("nokind:x", CameraView.WHOLE).close());
        assertTrue(
                failure.getMessage().startsWith("cannot open camera nokind:x: "),
                failure.getMessage());
        failure = assertThrows(SourceException.class, () -> open("none", CameraView.WHOLE).close());
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
