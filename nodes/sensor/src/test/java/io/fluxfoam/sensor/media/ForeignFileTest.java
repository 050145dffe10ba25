package io.fluxfoam.sensor.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.SourceException;

import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

import javax.imageio.ImageIO;

/** Files as other people's tools make them. */
class ForeignFileTest {
    private static final FrameShape SHAPE = FrameShape.STANDARD;
    private static final int COLOUR_ERROR = 12;
    private static final double FRAMES_PER_SECOND = 10;
    private static final int SAMPLES_PER_FRAME = 1_600;
    private static final Remuxer.Times SAME = (sound, ms) -> ms;

    @TempDir private Path folder;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment picture = arena.allocate(SHAPE.pictureBytes());
    private final MemorySegment sound = arena.allocate(SHAPE.soundBytes(), Float.BYTES);
    private final List<String> notices = new ArrayList<>();

    @AfterEach
    void free() {
        arena.close();
    }

    /** A frame: how red its picture is, mean and mean square of its sound's newest tenth. */
    private record Frame(int red, double newest, double power) {}

    @ParameterizedTest
    @ValueSource(strings = {"matroska", "mov", "nut"})
    void shouldBeSilentUntilALateSoundBegins(String format) throws Exception {
        Path file = recorded(format, (sound, ms) -> sound ? ms + 30_000 : ms);
        List<Frame> frames = frames(file);
        assertEquals(330, frames.size());
        for (int frame = 0; frame < 330; frame++) {
            int heard = frame - 300;
            assertHears(heard, frames.get(frame), "frame=" + frame);
        }
    }

    @Test
    void shouldBeSilentUntilTheLateSoundOfAPhonesVideoBegins() throws Exception {
        List<Frame> frames = frames(resource("late15.mp4"));
        assertEquals(300, frames.size());
        for (int frame = 0; frame < 300; frame++) {
            double power = frames.get(frame).power();
            boolean heard = frame > 152 && frame < 200;
            if (heard || frame < 149 || frame > 202) {
                assertEquals(heard, power > 1e-4, "frame=" + frame + " " + power);
            }
        }
    }

    @Test
    void shouldBeSilentInAGapAndHearTheRestAtItsOwnTime() throws Exception {
        Path file = recorded("matroska", (sound, ms) -> sound && ms > 950 ? ms + 20_000 : ms);
        List<Frame> frames = frames(file);
        assertEquals(230, frames.size());
        for (int frame = 0; frame < 230; frame++) {
            if (frame < 10 || frame > 220) {
                int recorded = frame < 10 ? frame : frame - 200;
                assertHears(recorded, frames.get(frame), "frame=" + frame);
            } else if (frame > 11 && frame < 210) {
                assertHears(0, frames.get(frame), "frame=" + frame);
            }
        }
    }

    @Test
    void shouldShowAtItsRateWhatHasNoTimes() throws Exception {
        Path film = RecordedVideo.record(folder.resolve("film.mkv"), 20, 0);
        Path mjpeg = Remuxer.copy(film, folder.resolve("raw.mjpeg"), "mjpeg", SAME);
        List<Frame> frames = frames(mjpeg, 25); // FFmpeg's rate for what says none
        assertEquals(20, frames.size());
        for (int i = 0; i < 20; i++) {
            assertEquals(RecordedVideo.red(i), frames.get(i).red(), COLOUR_ERROR, "frame=" + i);
        }
        Path raw = Remuxer.copy(resource("again.ts"), folder.resolve("raw.h264"), "h264", SAME);
        assertEquals(60, frames(raw).size(), "10 in a second, as the stream says");
    }

    /** A decoder keeps pictures back when it does not know how they are reordered. */
    @Test
    void shouldShowAtItsRateWhatADecoderKeepsBackToTheEnd() throws Exception {
        Path raw = folder.resolve("film.h264");
        try (FFmpegFrameRecorder recorder = new FFmpegFrameRecorder(raw.toFile(), 64, 48, 0)) {
            recorder.setFormat("h264");
            recorder.setVideoCodec(avcodec.AV_CODEC_ID_H264);
            recorder.setFrameRate(25);
            recorder.start();
            for (int i = 0; i < 90; i++) {
                recorder.record(RecordedVideo.picture(.25 * i), avutil.AV_PIX_FMT_RGB24);
            }
        }
        List<Frame> frames = frames(raw, 25);
        assertEquals(90, frames.size());
        for (int i = 0; i < 90; i++) {
            int red = RecordedVideo.red(.25 * i);
            assertEquals(red, frames.get(i).red(), COLOUR_ERROR, "frame=" + i);
        }
    }

    @Test
    void shouldShowOneAfterTheOtherWhatHasTheSameTime() throws Exception {
        Path film = RecordedVideo.record(folder.resolve("film.mkv"), 20, 0);
        Path zero = Remuxer.copy(film, folder.resolve("zero.mkv"), "matroska", (s, ms) -> 0);
        List<Frame> frames = frames(zero);
        assertEquals(20, frames.size());
        for (int i = 0; i < 20; i++) {
            assertEquals(RecordedVideo.red(i), frames.get(i).red(), COLOUR_ERROR, "frame=" + i);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "matroska, 20, 32000, 3",
        "matroska, 20, 35200, 2",
        "matroska, 20, 28800, 4",
        "mov, 20, 32000, 3",
        "mov, 20, 28800, 2"
    })
    void shouldShowAllOfJoinedFilesWithPictureAndSoundTogether(
            String format, int pictures, int samples, int parts) throws Exception {
        Path film = RecordedVideo.record(folder.resolve("film.mkv"), pictures, samples);
        Path part = Remuxer.copy(film, folder.resolve("part"), format, SAME);
        List<Frame> frames = frames(joined("joined", Collections.nCopies(parts, part)));
        int partFrames = Math.max(pictures, samples / SAMPLES_PER_FRAME);
        assertEquals(parts * partFrames, frames.size());
        for (int frame = 0; frame < parts * partFrames; frame++) {
            int shown = Math.min(frame % partFrames, pictures - 1);
            assertEquals(
                    RecordedVideo.red(shown),
                    frames.get(frame).red(),
                    COLOUR_ERROR,
                    "frame=" + frame);
            int heard = frame % partFrames;
            if (heard > 1 && heard < samples / SAMPLES_PER_FRAME) {
                assertHears(heard, frames.get(frame), "frame=" + frame);
            }
        }
    }

    @Test
    void shouldShowPartsOfDifferentKindsAndLeaveABrokenOneOut() throws Exception {
        Path silent = RecordedVideo.record(folder.resolve("silent.mkv"), 5, 0);
        Path blind = RecordedVideo.record(folder.resolve("blind.mkv"), 0, 16_000);
        Path both = RecordedVideo.record(folder.resolve("both.mkv"), 7, 11_200);
        Path empty = folder.resolve("empty.mkv");
        Files.write(empty, new byte[] {0x1A, 0x45, (byte) 0xDF, (byte) 0xA3, (byte) 0x80});
        Path film = joined("film", List.of(silent, blind, empty, both));
        List<Frame> frames = frames(film);
        assertEquals(22, frames.size());
        for (int frame = 0; frame < 22; frame++) {
            int shown = frame < 5 ? frame : frame - 15;
            int red = frame < 5 || frame >= 15 ? RecordedVideo.red(shown) : 0;
            assertEquals(red, frames.get(frame).red(), COLOUR_ERROR, "frame=" + frame);
        }
        assertHears(9, frames.get(14), "the part without pictures");
        assertHears(6, frames.get(21), "the last");
        assertEquals(1, notices.size(), notices.toString());
    }

    @Test
    void shouldShowAllOfABroadcastWhoseClockBeginsAgain() throws Exception {
        List<Frame> frames = frames(resource("again.ts"));
        assertEquals(60, frames.size());
        for (int i = 0; i < 20; i++) {
            assertEquals(frames.get(i).red(), frames.get(i + 20).red(), COLOUR_ERROR);
            assertEquals(frames.get(i).red(), frames.get(i + 40).red(), COLOUR_ERROR);
        }
    }

    /** Forwards by a day, and back beyond the beginning, where 33 bits of a clock run over. */
    @ParameterizedTest
    @CsvSource({"0, 80000000", "80000000, 0", "0, 700000", "700000, 0"})
    void shouldShowAllOfABroadcastWhoseClockLeaps(long firstMs, long secondMs) throws Exception {
        Path film = resource("again.ts");
        Path first = Remuxer.copy(film, folder.resolve("1.ts"), "mpegts", firstPass(firstMs));
        Path second = Remuxer.copy(film, folder.resolve("2.ts"), "mpegts", firstPass(secondMs));
        assertEquals(40, frames(joined("leap.ts", List.of(first, second))).size());
    }

    /** The first twenty pictures. */
    private static Remuxer.Times firstPass(long beginMs) {
        int[] count = {0};
        return (sound, ms) -> count[0]++ < 20 ? ms + beginMs : Remuxer.LEFT_OUT;
    }

    @Test
    void shouldTurnAVideoAsItsDisplayMatrixSays() throws Exception {
        assertCorners("blue red white green", resource("rot90.mp4"));
    }

    /** Corners from top left to bottom right; stored are red, green, blue, white. */
    @ParameterizedTest
    @CsvSource({
        "0, red green blue white",
        "1, red green blue white",
        "2, green red white blue",
        "3, white blue green red",
        "4, blue white red green",
        "5, red blue green white",
        "6, blue red white green",
        "7, white green blue red",
        "8, green white red blue",
        "9, red green blue white"
    })
    void shouldTurnAPhotographAsItsExifSays(int orientation, String corners) throws Exception {
        byte[] photograph = Files.readAllBytes(resource("exif3.jpg"));
        int at = 0;
        while (photograph[at] != 0x12 || photograph[at + 1] != 0x01) { // tag 0x0112
            at++;
        }
        assertEquals(3, photograph[at + 8]);
        photograph[at + 8] = (byte) orientation;
        assertCorners(corners, Files.write(folder.resolve("exif.jpg"), photograph));
    }

    @Test
    void shouldTurnAPhotographOnItsSide() throws Exception {
        assertCorners("green white red blue", resource("exif8.jpg"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldTurnAnyKindOfPictureAsItsExifSays(ExifPicture kind) throws Exception {
        String[] corners = {
            "red green blue white",
            "green red white blue",
            "white blue green red",
            "blue white red green",
            "red blue green white",
            "blue red white green",
            "white green blue red",
            "green white red blue"
        };
        for (int orientation = 1; orientation <= corners.length; orientation++) {
            assertCorners(corners[orientation - 1], kind.write(fourCorners(), orientation, folder));
        }
        assertCorners(corners[0], kind.write(fourCorners(), 9, folder));
    }

    /** What is cut off in it, or says that it is longer than the file, says nothing. */
    @ParameterizedTest
    @EnumSource
    void shouldFindNoOrientationInADamagedPicture(ExifPicture kind) throws Exception {
        byte[] whole = Files.readAllBytes(kind.write(fourCorners(), 6, folder));
        assertEquals(6, ExifOrientation.in(ByteBuffer.wrap(whole)));
        for (int bytes = 0; bytes < whole.length; bytes++) {
            int found = ExifOrientation.in(ByteBuffer.wrap(whole, 0, bytes).slice());
            assertTrue(found == 1 || found == 6);
        }
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] = (byte) 0xff;
            int found = ExifOrientation.in(ByteBuffer.wrap(damaged));
            assertTrue(found >= 1 && found <= 8);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "100%d.png",
                "%03d.jpg",
                "%25.png",
                "-x.png",
                "*.png",
                "?.png",
                "[a].png",
                "{a}.png",
                "a:b.png",
                "file:a.png",
                "http:a.png",
                "pipe:0",
                "concat:a|b.png",
                "async:a.png",
                "a b.png",
                " .png",
                "a#b.png",
                "a'b\"c.png",
                "back\\slash.png",
                "no extension",
                "a,b.png",
                "%C3%A9.png",
                "%E9.png",
                "%F0%9F%AA%81.png"
            })
    void shouldTakeANameForAName(String name) throws Exception {
        Path odd = name.matches("(%[0-9A-F]{2})+\\..*") ? raw(name) : folder.resolve(name);
        Files.copy(corners(), odd);
        for (String decoy : List.of("1001.png", "001.jpg", "a.png", "b.png", "x.png")) {
            ImageIO.write(
                    new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB),
                    "png",
                    folder.resolve(decoy).toFile());
        }
        assertCorners("red green blue white", odd);
    }

    @Test
    void shouldSayThatAFileIsCut() throws Exception {
        Path film = RecordedVideo.record(folder.resolve("film.mkv"), 20, 16_000);
        Path whole = Remuxer.copy(film, folder.resolve("whole.mov"), "mov", SAME);
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = Files.write(folder.resolve("cut.mov"), Arrays.copyOf(bytes, bytes.length / 2));
        SourceException refusal = assertThrows(SourceException.class, () -> open(cut, 10));
        assertEquals("not a whole media file: " + cut, refusal.getMessage());
    }

    @Test
    void shouldSayWhatIsNoFileToRead() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.mkv"));
        assertEquals("file is empty: " + empty, refusal(empty));
        Path fifo = folder.resolve("fifo.mkv");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        assertEquals("not a regular file: " + fifo, refusal(fifo));
    }

    private String refusal(Path file) {
        return assertThrows(SourceException.class, () -> open(file, 10)).getMessage();
    }

    @Test
    void shouldRefuseAPictureThatWouldTakeAGigabyte() throws Exception {
        BufferedImage image = new BufferedImage(16_385, 16_400, BufferedImage.TYPE_BYTE_BINARY);
        Path bomb = folder.resolve("bomb.png");
        ImageIO.write(image, "png", bomb.toFile());
        assertTrue(Files.size(bomb) < 100_000);
        assertEquals("no picture could be decoded from " + bomb, refusal(bomb));
        ImageIO.write(image.getSubimage(0, 0, 16_384, 400), "png", bomb.toFile());
        assertEquals(1, frames(bomb).size());
    }

    @Test
    void shouldGoOnBehindADamagedPlaceAndSayItOnce() throws Exception {
        Path film = RecordedVideo.record(folder.resolve("film.mkv"), 20, 0);
        byte[] bytes = Files.readAllBytes(film);
        int pictures = 0;
        for (int at = 0; at + 2 < bytes.length; at++) { // the fifth picture's header, a JPEG's
            boolean header =
                    (bytes[at] & 0xFF) == 0xFF
                            && (bytes[at + 1] & 0xFF) == 0xD8
                            && (bytes[at + 2] & 0xFF) == 0xFF;
            if (header && ++pictures == 5) {
                Arrays.fill(bytes, at, at + 200, (byte) 0);
            }
        }
        assertEquals(20, pictures);
        Path damaged = Files.write(folder.resolve("damaged.mkv"), bytes);
        try (FileSource source = open(damaged, 10)) {
            int frames = 0;
            while (source.read(frames, picture, sound)) {
                int shown = frames == 4 ? 3 : frames;
                assertEquals(RecordedVideo.red(shown), red(), COLOUR_ERROR, "frame=" + frames);
                frames++;
            }
            assertEquals(20, frames);
            assertTrue(source.skippedItems() > 0);
        }
        assertEquals(
                List.of(damaged + " is damaged: what cannot be decoded is left out and counted"),
                notices);
    }

    private Path recorded(String format, Remuxer.Times times) throws Exception {
        Path film = RecordedVideo.record(folder.resolve("film.mkv"), 20, 48_000);
        return Remuxer.copy(film, folder.resolve("remuxed"), format, times);
    }

    private Path joined(String name, List<Path> parts) throws IOException {
        Path joined = folder.resolve(name);
        for (Path part : parts) {
            Files.write(
                    joined,
                    Files.readAllBytes(part),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
        return joined;
    }

    private FileSource open(Path file, double framesPerSecond) throws SourceException {
        return new FileSource(file, SHAPE, framesPerSecond, true, 3, notices::add);
    }

    private List<Frame> frames(Path file) throws SourceException {
        return frames(file, FRAMES_PER_SECOND);
    }

    private List<Frame> frames(Path file, double framesPerSecond) throws SourceException {
        List<Frame> frames = new ArrayList<>();
        try (FileSource source = open(file, framesPerSecond)) {
            while (source.read(frames.size(), picture, sound)) {
                frames.add(new Frame(red(), newest(1), newest(2)));
            }
        }
        return frames;
    }

    /** Mean of a power of the newest tenth of a second in the window. */
    private double newest(int exponent) {
        int end = SHAPE.soundSamples();
        double sum = 0;
        for (int i = end - SAMPLES_PER_FRAME; i < end; i++) {
            sum += Math.pow(sound.getAtIndex(ValueLayout.JAVA_FLOAT, i), exponent);
        }
        return sum / SAMPLES_PER_FRAME;
    }

    /** The window ends at most one step before the frame's time. */
    private static void assertHears(int recordedFrame, Frame frame, String message) {
        int recorded = recordedFrame * SAMPLES_PER_FRAME;
        int windowEnd = Math.floorDiv(recorded, SoundRing.WINDOW_STEP) * SoundRing.WINDOW_STEP;
        double middle = windowEnd - SAMPLES_PER_FRAME / 2.0;
        double expected = middle > 0 ? middle * RecordedVideo.SAMPLE_STEP : 0;
        double error = SoundRing.WINDOW_STEP * RecordedVideo.SAMPLE_STEP;
        assertEquals(expected, frame.newest(), error, message);
    }

    private int red() {
        return channel(SHAPE.width() / 2, SHAPE.height() / 2, 0);
    }

    private int channel(int x, int y, int channel) {
        long offset = ((long) y * SHAPE.width() + x) * 3 + channel;
        return picture.get(ValueLayout.JAVA_BYTE, offset) & 0xFF;
    }

    private void assertCorners(String corners, Path file) throws SourceException {
        try (FileSource source = open(file, 5)) {
            assertTrue(source.read(0, picture, sound));
        }
        int right = SHAPE.width() - 3;
        int bottom = SHAPE.height() - 3;
        String seen =
                String.join(
                        " ",
                        colour(2, 2),
                        colour(right, 2),
                        colour(2, bottom),
                        colour(right, bottom));
        assertEquals(corners, seen);
        assertFalse(seen.contains("?"));
    }

    private String colour(int x, int y) {
        String bits = "";
        for (int channel = 0; channel < 3; channel++) {
            int level = channel(x, y, channel);
            bits += level < 60 ? "0" : level > 195 ? "1" : "?";
        }
        return switch (bits) {
            case "100" -> "red";
            case "010" -> "green";
            case "001" -> "blue";
            case "111" -> "white";
            default -> bits + "?";
        };
    }

    /** A picture with corners of red, green, blue and white. */
    private static BufferedImage fourCorners() {
        BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < 40 * 30; i++) {
            int x = i % 40;
            int y = i / 40;
            int top = x < 20 ? 0xFF0000 : 0x00FF00;
            int bottom = x < 20 ? 0x0000FF : 0xFFFFFF;
            image.setRGB(x, y, y < 15 ? top : bottom);
        }
        return image;
    }

    private Path corners() throws IOException {
        Path file = folder.resolve("corners");
        ImageIO.write(fourCorners(), "png", file.toFile());
        return file;
    }

    /** A name by its bytes, also in a locale that cannot spell it. */
    private Path raw(String escaped) {
        return Path.of(URI.create(folder.toUri() + escaped));
    }

    private Path resource(String name) throws IOException {
        Path file = folder.resolve("given-" + name);
        if (!Files.exists(file)) {
            try (InputStream in = ForeignFileTest.class.getResourceAsStream(name)) {
                Files.copy(Objects.requireNonNull(in, name), file);
            }
        }
        return file;
    }
}
