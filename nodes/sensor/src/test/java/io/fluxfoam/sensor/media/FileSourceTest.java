package io.fluxfoam.sensor.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.SourceException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

class FileSourceTest {
    private static final FrameShape SHAPE = FrameShape.STANDARD;
    private static final double FRAMES_PER_SECOND = 5;
    private static final int JPEG_ERROR = 4;

    @TempDir private Path folder;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment picture = arena.allocate(SHAPE.pictureBytes());
    private final MemorySegment sound = arena.allocate(SHAPE.soundBytes(), Float.BYTES);

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void shouldShowThePictureAndTheLastSoundWindowOfEachTime() throws Exception {
        Path file = RecordedVideo.record(folder.resolve("both.mkv"), 20, 56_000);
        try (FileSource source = open(file, true)) {
            for (int frame = 0;
                    frame < 17;
                    frame++) { // 3.5 s of sound, frames 0.2 s apart, sampled to 3.4 s
                assertTrue(source.read(frame, picture, sound), "frame=" + frame);
                assertShows(Math.min(19, 2 * frame), "frame=" + frame);
                assertHears(
                        (int) (frame / FRAMES_PER_SECOND * RecordedVideo.SOUND_RATE),
                        56_000,
                        "frame=" + frame);
                assertNull(source.caption());
            }
            assertTrue(source.read(17, picture, sound));
            assertFalse(source.read(18, picture, sound), "the end");
            assertFalse(source.read(19, picture, sound), "still the end");
        }
    }

    /** Five frames: a pass never begins with the same remainder unless it begins in phase. */
    @Test
    void shouldShowAFrameOfTheFileOnlyAsOneKindInEveryPassAndLife() throws Exception {
        Path file = RecordedVideo.record(folder.resolve("loop.mkv"), 10, 16_000);
        Map<Integer, float[]> heard = new HashMap<>();
        for (int life = 0; life < 3; life++) {
            try (FileSource source = open(file, false)) {
                for (int counter = 11 * life; counter < 11 * life + 20; counter++) {
                    assertTrue(source.read(counter, picture, sound));
                    int frame = shown();
                    assertEquals(counter % 3, frame % 3, "life=" + life + " counter=" + counter);
                    float[] before =
                            heard.putIfAbsent(frame, sound.toArray(ValueLayout.JAVA_FLOAT));
                    assertTrue(
                            before == null || MemorySegment.ofArray(before).mismatch(sound) == -1,
                            "life=" + life + " counter=" + counter);
                }
            }
        }
        assertEquals(Set.of(0, 1, 2, 3, 4), heard.keySet());
    }

    @Test
    void shouldShowOnlyOnceWhatIsTooShortToHoldAnythingOut() throws Exception {
        Path still = RecordedVideo.record(folder.resolve("still.mkv"), 1, 0);
        SourceException refusal = assertThrows(SourceException.class, () -> open(still, false));
        assertEquals(
                "file too short, every third frame is held out: "
                        + still
                        + " needs 3 frames at framesPerSecond=5.0, or --once",
                refusal.getMessage());
        try (FileSource source = open(still, true)) {
            assertTrue(source.read(0, picture, sound));
            assertFalse(source.read(1, picture, sound));
        }
        Path blip = RecordedVideo.record(folder.resolve("blip.mkv"), 0, 6_000); // two frames
        try (FileSource source = open(blip, false)) {
            assertTrue(source.read(6, picture, sound));
            assertTrue(source.read(7, picture, sound));
            assertThrows(SourceException.class, () -> source.read(8, picture, sound));
        }
        try (FileSource source = open(blip, false)) {
            assertThrows(SourceException.class, () -> source.read(8, picture, sound), "a new life");
        }
    }

    @Test
    void shouldGiveBlackPicturesToASoundFile() throws Exception {
        Path file = RecordedVideo.record(folder.resolve("sound.mkv"), 0, 48_000);
        try (FileSource source = open(file, true)) {
            picture.fill((byte) 9);
            int frames = 0;
            while (source.read(frames, picture, sound)) {
                assertEquals(0, picture.get(ValueLayout.JAVA_BYTE, 777));
                assertHears(frames * 3_200, 48_000, "frame=" + frames);
                frames++;
            }
            assertEquals(15, frames);
        }
    }

    @Test
    void shouldGiveTheNoiseFloorToASilentVideo() throws Exception {
        Path file = RecordedVideo.record(folder.resolve("mute.mkv"), 10, 0);
        try (FileSource source = open(file, true)) {
            int frames = 0;
            while (source.read(frames, picture, sound)) {
                assertShows(2 * frames, "frame=" + frames);
                assertEquals(0, mean(0, SHAPE.soundSamples()), 1e-4);
                assertTrue(sound.getAtIndex(ValueLayout.JAVA_FLOAT, 5) != 0);
                frames++;
            }
            assertEquals(5, frames);
        }
    }

    @Test
    void shouldSayInOneLineThatAFileHoldsNothingToDecode() throws Exception {
        Path file = Files.write(folder.resolve("noise.bin"), new byte[5_000]);
        SourceException failure = assertThrows(SourceException.class, () -> open(file, true));
        assertEquals("not a whole media file: " + file, failure.getMessage());
    }

    private static FileSource open(Path file, boolean once) throws SourceException {
        return new FileSource(file, SHAPE, FRAMES_PER_SECOND, once, 3, line -> {});
    }

    /** Which frame of a video of ten pictures is shown: every second picture, by its red. */
    private int shown() {
        long centre = (SHAPE.height() / 2 * SHAPE.width() + SHAPE.width() / 2) * 3L;
        int red = picture.get(ValueLayout.JAVA_BYTE, centre) & 0xFF;
        for (int frame = 0; frame < 5; frame++) {
            if (Math.abs(red - RecordedVideo.red(2 * frame)) <= JPEG_ERROR) {
                return frame;
            }
        }
        throw new AssertionError("no frame has red=" + red);
    }

    private void assertShows(int pictureIndex, String message) {
        long centre = (SHAPE.height() / 2 * SHAPE.width() + SHAPE.width() / 2) * 3L;
        int red = picture.get(ValueLayout.JAVA_BYTE, centre) & 0xFF;
        assertEquals(RecordedVideo.red(pictureIndex), red, JPEG_ERROR, message);
        assertEquals(
                0,
                picture.get(ValueLayout.JAVA_BYTE, centre + 2) & 0xFF,
                JPEG_ERROR,
                message + " blue");
    }

    /**
     * The window starts at a multiple of 1,280 samples and ends at most that far before the frame's
     * time.
     */
    private void assertHears(int position, int recorded, String message) {
        int start =
                Math.floorDiv(position - SHAPE.soundSamples(), SoundRing.WINDOW_STEP)
                        * SoundRing.WINDOW_STEP;
        for (int step = 0; step < SHAPE.soundSamples(); step += SoundRing.WINDOW_STEP) {
            int from = start + step;
            boolean heard = from >= 0 && from + SoundRing.WINDOW_STEP <= recorded;
            double expected =
                    heard
                            ? (from + (SoundRing.WINDOW_STEP - 1) / 2.0) * RecordedVideo.SAMPLE_STEP
                            : 0;
            if (heard || from < 0 || from >= recorded) {
                assertEquals(
                        expected,
                        mean(step, SoundRing.WINDOW_STEP),
                        3e-4,
                        message + " from=" + from);
            }
        }
    }

    private double mean(int from, int count) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += sound.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        }
        return sum / count;
    }
}
