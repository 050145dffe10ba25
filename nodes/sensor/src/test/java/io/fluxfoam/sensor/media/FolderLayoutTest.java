package io.fluxfoam.sensor.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.HoldoutKind;
import io.fluxfoam.sensor.SourceException;
import io.fluxfoam.sensor.SourceSettings;

import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

import javax.imageio.ImageIO;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/**
 * Folders as people have them. Pictures are grey levels and recordings are levels too, so that a
 * frame tells which take it shows.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FolderLayoutTest {
    private static final FrameShape SHAPE = new FrameShape(48, 64, 16_000);

    @TempDir private Path folder;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment picture = arena.allocate(SHAPE.pictureBytes());
    private final MemorySegment sound = arena.allocate(SHAPE.soundBytes(), Float.BYTES);
    private final List<String> notices = new ArrayList<>();

    @AfterEach
    void free() {
        arena.close();
    }

    /** What of a kind of frames was seen and heard of each caption. */
    private record Shown(Map<String, Set<Integer>> pictures, Map<String, Set<Integer>> sounds) {
        Shown() {
            this(new TreeMap<>(), new TreeMap<>());
        }

        void add(String caption, int level, int loudness) {
            pictures.computeIfAbsent(caption, _ -> new TreeSet<>()).add(level);
            sounds.computeIfAbsent(caption, _ -> new TreeSet<>()).add(loudness);
        }
    }

    private FolderSource open() throws SourceException {
        return new FolderSource(folder, SHAPE, SourceSettings.usual(1), notices::add);
    }

    /** Frames from a counter on, TRAIN ones and HOLDOUT ones. */
    private List<Shown> look(FolderSource source, int frames) throws IOException {
        List<Shown> shown = List.of(new Shown(), new Shown());
        for (long counter = 0; counter < frames; counter++) {
            assertTrue(source.read(counter, picture, sound));
            shown.get(counter % 3 == 2 ? 1 : 0)
                    .add(String.valueOf(source.caption()), level(), loudness());
        }
        return shown;
    }

    private Set<String> captions() throws IOException {
        try (FolderSource source = open()) {
            return look(source, 60).getFirst().pictures().keySet();
        }
    }

    @Test
    void shouldReadTakesByNumber() throws IOException {
        for (int i = 1; i <= 3; i++) {
            writePicture("kite." + i + ".png", 10 * i);
            writePicture("boat." + i + ".png", 100 + 10 * i);
        }
        writeSound("kite.wav", 20);
        writeSound("boat.1.wav", 40);
        writeSound("boat.2.wav", 60);
        Files.writeString(folder.resolve("boat.txt"), "a boat");
        try (FolderSource source = open()) {
            List<Shown> shown = look(source, 90);
            assertEquals(
                    Map.of("kite", Set.of(10, 20), "a boat", Set.of(110, 120)),
                    shown.getFirst().pictures());
            assertEquals(
                    Map.of("kite", Set.of(20), "a boat", Set.of(40)), shown.getFirst().sounds());
            assertEquals(
                    Map.of("kite", Set.of(30), "a boat", Set.of(130)), shown.getLast().pictures());
            assertEquals(Set.of(60), shown.getLast().sounds().get("a boat"));
            assertEquals(
                    List.of(
                            new CandidateSet(
                                    "takes", HoldoutKind.TAKES, List.of("a boat", "kite"))),
                    source.candidates().sets());
        }
        assertEquals(List.of(), notices);
    }

    @Test
    void shouldReadNumbersThatAreNoTakesAsNames() throws IOException {
        for (int i = 1; i <= 3; i++) {
            writePicture("photo." + i + ".png", 10 * i);
        }
        try (FolderSource source = open()) {
            assertFalse(source.captioned());
            assertTrue(source.candidates().isEmpty());
            assertEquals(Set.of(30), look(source, 30).getLast().pictures().get("null"));
        }
    }

    @Test
    void shouldReadTakesByFolderAndHoldSomeOut() throws IOException {
        for (int i = 0; i < 6; i++) {
            writePicture("kite/" + i + ".png", 10 * i);
            writeSound("kite/r" + i + ".wav", 10 * i);
        }
        writePicture("ein Boot/x.png", 200);
        writeSound("ein Boot/x.wav", 50);
        writePicture("Übung/a.png", 130);
        writePicture("Übung/b.png", 140);
        Files.writeString(folder.resolve("Übung/b.txt"), "b speaks for itself");
        try (FolderSource source = open()) {
            List<Shown> shown = look(source, 360);
            assertEquals(Set.of(0, 10, 30, 40), shown.getFirst().pictures().get("kite"));
            assertEquals(Set.of(0, 10, 30, 40), shown.getFirst().sounds().get("kite"));
            assertEquals(Set.of(20, 50), shown.getLast().pictures().get("kite"));
            assertEquals(Set.of(20, 50), shown.getLast().sounds().get("kite"));
            assertEquals(Set.of(130), shown.getFirst().pictures().get("Übung"));
            assertEquals(Set.of(140), shown.getFirst().pictures().get("b speaks for itself"));
            assertEquals(
                    List.of(
                            new CandidateSet("takes", HoldoutKind.TAKES, List.of("kite")),
                            new CandidateSet(
                                    "renderings",
                                    HoldoutKind.RENDERINGS,
                                    List.of("ein Boot", "Übung", "b speaks for itself"))),
                    source.candidates().sets());
        }
    }

    /** The same whatever the seed is, since a caption's figures are compared between runs. */
    @Test
    void shouldHoldOutFourRenderingsOfASingleTake() throws IOException {
        writePicture("kite/x.png", 200);
        writeSound("kite/x.wav", 50);
        writePicture("boat/x.png", 100);
        Set<String> heldOut = renderings(SourceSettings.usual(1), true);
        assertEquals(8, heldOut.size());
        assertEquals(heldOut, renderings(SourceSettings.usual(2), true));
        assertEquals(2, renderings(SourceSettings.usual(1), false).size(), "as they are");
        Set<String> varied = renderings(SourceSettings.usual(1).varied(true), false);
        assertEquals(40, varied.size(), "anew each time");
        assertEquals(varied, renderings(SourceSettings.usual(1).varied(true), false));
        assertNotEquals(varied, renderings(SourceSettings.usual(2).varied(true), false));
        assertEquals(8, renderings(SourceSettings.usual(3).varied(true), true).size());
    }

    /** The different frames among 60, TRAIN ones or HOLDOUT ones. */
    private Set<String> renderings(SourceSettings settings, boolean holdout) throws IOException {
        Set<String> renderings = new HashSet<>();
        try (FolderSource source = new FolderSource(folder, SHAPE, settings, notices::add)) {
            for (long counter = 0; counter < 60; counter++) {
                if (counter % 3 == 2 == holdout) {
                    assertTrue(source.read(counter, picture, sound));
                    renderings.add(
                            source.caption()
                                    + Arrays.hashCode(picture.toArray(ValueLayout.JAVA_BYTE))
                                    + Arrays.hashCode(sound.toArray(ValueLayout.JAVA_BYTE)));
                }
            }
        }
        return renderings;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "captions.csv | file_name,text\\na.png,a red kite\\nb.png,\"a \"\"blue\"\" boat, old\"\\n",
                "captions.csv | a.png,a red kite\\r\\nb.png,\"a \"\"blue\"\" boat, old\"\\r\\n",
                "metadata.csv | other,file_name,caption\\n1,a.png,a red kite\\n2,b.png,\"a \"\"blue\"\" boat, old\"",
                "metadata.csv | transcription,audio_file_name\\na red kite,a.wav\\n\"a \"\"blue\"\" boat, old\",b.wav",
                "metadata.jsonl | {\"file_name\":\"a.png\",\"text\":\"a red kite\"}\\n\\n{\"file_name\":\"b.png\",\"label\":\"7\",\"text\":\"a \\\\\"blue\\\\\" boat, old\"}"
            })
    void shouldReadCaptionsFromATable(String name, String table) throws IOException {
        for (String file : List.of("a", "b", "c")) {
            writePicture(file + ".png", 40);
            writeSound(file + ".wav", 40);
        }
        String content = table.replace("\\r", "\r").replace("\\n", "\n").replace("\\\\", "\\");
        Files.writeString(folder.resolve(name), content);
        assertEquals(Set.of("a red kite", "a \"blue\" boat, old", "null"), captions());
        assertEquals(List.of(), notices);
    }

    @Test
    void shouldReadTheTableOfASubFolderAndLabelsThatAreNumbers() throws IOException {
        writePicture("train/1/a.png", 40);
        writePicture("train/2/b.png", 60);
        writePicture("test/2/b.png", 60);
        Files.writeString(
                folder.resolve("train/metadata.jsonl"),
                "{\"file_name\": \"1/a.png\", \"label\": 3}\n"
                        + "{\"file_name\": \"2/b.png\", \"label\": 4}\n");
        assertEquals(Set.of("3", "4", "2"), captions());
    }

    @Test
    void shouldSkipRowsAndTablesThatMakeNoSense() throws IOException {
        for (String file : List.of("a", "b", "c")) {
            writePicture(file + ".png", 40);
        }
        Files.createDirectory(folder.resolve("x"));
        Files.writeString(folder.resolve("x/metadata.csv"), "file,words\na,b\n");
        Files.writeString(folder.resolve("x/captions.csv"), "file_name,words\na,b\n");
        Files.writeString(
                folder.resolve("metadata.jsonl"),
                "{\"file_name\": \"a.png\", \"text\": \"a\"}\n[1, 2]\n{\"file_name\": \n"
                        + "{\"file_name\": \"gone.png\", \"text\": \"g\"}\n{\"file_name\": \"b.png\"}\n"
                        + "{\"file_name\": \"c.png\", \"text\": \""
                        + "x".repeat(600)
                        + "\"}\n");
        assertEquals(Set.of("a", "null"), captions());
        Path table = folder.resolve("metadata.jsonl");
        Set<String> told = new HashSet<>(notices);
        assertEquals(
                Set.of(
                        "item skipped: " + table + ": row 2 names no file in a column file_name",
                        "item skipped: " + table + ": row 3 is no JSON object",
                        "item skipped: file not found: "
                                + folder.resolve("gone.png")
                                + ", named in "
                                + table,
                        "item skipped: " + table + ": row 5 has no caption",
                        "item skipped: caption too long: file="
                                + folder.resolve("c.png")
                                + " bytes=600 limit=512",
                        "item skipped: captions not read: "
                                + folder.resolve("x/metadata.csv")
                                + ": table has no column file_name",
                        "item skipped: captions not read: "
                                + folder.resolve("x/captions.csv")
                                + ": table has none of the columns text, caption, transcription,"
                                + " transcript, sentence, label"),
                told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiff", "bmp", "gif", "jpg", "png"})
    void shouldShowPictures(String extension) throws IOException {
        writePicture("kite." + extension, 200);
        Files.writeString(folder.resolve("kite.txt"), "kite");
        assertShows(200);
    }

    @Test
    void shouldShowAvif() throws Exception {
        record("kite.avif", "avif", avcodec.AV_CODEC_ID_AV1, 1, 0, 0);
        Files.writeString(folder.resolve("kite.txt"), "kite");
        assertShows(200);
    }

    private void assertShows(int level) throws IOException {
        try (FolderSource source = open()) {
            assertTrue(source.read(0, picture, sound));
            assertEquals(level, level(), 3);
            assertTrue(source.read(2, picture, sound));
            assertEquals("kite", source.caption());
        }
        assertEquals(List.of(), notices);
    }

    @ParameterizedTest
    @CsvSource({
        "m4a,ipod,AAC",
        "aac,adts,AAC",
        "opus,opus,OPUS",
        "mp3,mp3,MP3",
        "flac,flac,FLAC",
        "aiff,aiff,PCM",
        "caf,caf,PCM"
    })
    void shouldPlayRecordings(String extension, String format, String codec) throws Exception {
        record("kite." + extension, format, 0, 0, codecOf(codec), 48_000);
        Files.writeString(folder.resolve("kite.txt"), "kite");
        try (FolderSource source = open()) {
            assertTrue(source.read(0, picture, sound));
            assertEquals(.3 / Math.sqrt(2), rms(), .03);
            assertTrue(source.read(2, picture, sound));
            assertEquals("kite", source.caption());
        }
        assertEquals(List.of(), notices);
    }

    @ParameterizedTest
    @CsvSource({
        "mp4,mp4,MPEG4,AAC",
        "mov,mov,MPEG4,AAC",
        "m4v,mp4,MPEG4,AAC",
        "mkv,matroska,MPEG4,FLAC",
        "webm,webm,VP8,OPUS",
        "avi,avi,MPEG4,MP3",
        "mpg,mpeg,MPEG2VIDEO,MP2"
    })
    void shouldShowAndPlayFilms(String extension, String format, String video, String audio)
            throws Exception {
        record("kite." + extension, format, codecOf(video), 25, codecOf(audio), 48_000);
        Files.writeString(folder.resolve("kite.txt"), "kite");
        try (FolderSource source = open()) {
            assertTrue(source.read(0, picture, sound));
            assertEquals(200 - 12, level(), 6, "in the middle of what is heard");
            assertEquals(.3 / Math.sqrt(2), rms(), .04);
            assertTrue(source.read(2, picture, sound));
            assertEquals("kite", source.caption());
        }
        assertEquals(List.of(), notices);
    }

    private static int codecOf(String name) {
        return switch (name) {
            case "AAC" -> avcodec.AV_CODEC_ID_AAC;
            case "OPUS" -> avcodec.AV_CODEC_ID_OPUS;
            case "MP3" -> avcodec.AV_CODEC_ID_MP3;
            case "MP2" -> avcodec.AV_CODEC_ID_MP2;
            case "FLAC" -> avcodec.AV_CODEC_ID_FLAC;
            case "PCM" -> avcodec.AV_CODEC_ID_PCM_S16BE;
            case "VP8" -> avcodec.AV_CODEC_ID_VP8;
            case "MPEG2VIDEO" -> avcodec.AV_CODEC_ID_MPEG2VIDEO;
            default -> avcodec.AV_CODEC_ID_MPEG4;
        };
    }

    @Test
    void shouldLetAFilmGiveWhatItsNameLacks() throws Exception {
        record("a.mp4", "mp4", avcodec.AV_CODEC_ID_MPEG4, 3, 0, 0);
        writeSound("a.wav", 30);
        record("b.mp4", "mp4", 0, 0, avcodec.AV_CODEC_ID_AAC, 48_000);
        writePicture("b.png", 70);
        record("c.mp4", "mp4", avcodec.AV_CODEC_ID_MPEG4, 3, avcodec.AV_CODEC_ID_AAC, 48_000);
        writePicture("c.png", 80);
        writeSound("c.wav", 50);
        Files.write(folder.resolve("d.mp4"), new byte[100]);
        try (FolderSource source = open()) {
            assertTrue(source.read(0, picture, sound));
            assertEquals(197, level(), 4);
            assertEquals(30, loudness());
            assertTrue(source.read(1, picture, sound));
            assertEquals(70, level());
            assertEquals(.3 / Math.sqrt(2), rms(), .03);
        }
        assertEquals(
                List.of(
                        "item skipped: not a whole media file: " + folder.resolve("d.mp4"),
                        "left out of folder " + folder + ": 1 film that adds nothing to its name"),
                notices);
    }

    @Test
    void shouldTakeAnotherTakeInThePlaceOfABrokenOne() throws IOException {
        for (int i = 0; i < 6; i++) {
            writePicture("kite/" + i + ".png", 10 * i);
        }
        writeSound("kite/x.wav", 50);
        List<Shown> before;
        try (FolderSource source = open()) {
            before = look(source, 60);
        }
        Files.write(folder.resolve("kite/1.png"), new byte[50]);
        Files.write(folder.resolve("kite/2.png"), new byte[50]);
        try (FolderSource source = open()) {
            List<Shown> after = look(source, 60);
            assertEquals(Set.of(0, 30, 40), after.getFirst().pictures().get("kite"));
            assertEquals(Set.of(50), after.getLast().pictures().get("kite"));
            assertEquals(Set.of(20, 50), before.getLast().pictures().get("kite"));
            assertEquals(2, source.skippedItems());
        }
    }

    @Test
    void shouldGoDownFoldersButNotInCircles() throws IOException {
        writePicture("a/b/kite/1.png", 10);
        writePicture("a/b/kite/2.png", 20);
        Files.createSymbolicLink(folder.resolve("a/b/again"), folder.resolve("a"));
        assertEquals(Set.of("kite"), captions());
        assertEquals(List.of("left out of folder " + folder + ": 1 folder twice"), notices);
    }

    @Test
    void shouldKnowEachExtensionByOneKind() {
        Map<String, FileKind> kinds = new HashMap<>();
        for (FileKind kind : FileKind.values()) {
            for (String extension : kind.extensions()) {
                assertNull(kinds.put(extension, kind), extension);
                assertEquals(kind, FileKind.of(extension.toUpperCase(Locale.ROOT)));
            }
        }
        assertEquals(FileKind.OTHER, FileKind.of("heic"));
    }

    private void writePicture(String name, int level) throws IOException {
        BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 40 * 30; i++) {
            image.setRGB(i % 40, i / 40, 0x010101 * level);
        }
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        String extension = name.substring(name.lastIndexOf('.') + 1);
        assertTrue(ImageIO.write(image, extension, file.toFile()), extension);
    }

    /** A second of a value in hundredths of full scale. */
    private void writeSound(String name, int hundredths) throws IOException {
        ByteBuffer pcm = ByteBuffer.allocate(16_000 * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (pcm.hasRemaining()) {
            pcm.putShort((short) Math.round(hundredths * 327.68));
        }
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        AudioFormat format = new AudioFormat(16_000, Short.SIZE, 1, true, false);
        AudioSystem.write(
                new AudioInputStream(new ByteArrayInputStream(pcm.array()), format, 16_000),
                AudioFileFormat.Type.WAVE,
                file.toFile());
    }

    /** Grey pictures from 200 downwards, 25 a second, and a tone of a second. */
    private void record(String name, String format, int video, int pictures, int audio, int samples)
            throws Exception {
        try (FFmpegFrameRecorder recorder =
                new FFmpegFrameRecorder(
                        folder.resolve(name).toFile(),
                        pictures > 0 ? 64 : 0,
                        48,
                        samples > 0 ? 1 : 0)) {
            avutil.av_log_set_level(avutil.AV_LOG_QUIET);
            recorder.setFormat(format);
            recorder.setFrameRate(25);
            recorder.setVideoCodec(video);
            recorder.setVideoBitrate(2_000_000);
            recorder.setAudioCodec(audio);
            recorder.setAudioBitrate(128_000);
            recorder.setSampleRate(48_000);
            recorder.start();
            for (int i = 0; i < Math.max(pictures, samples > 0 ? 25 : 0); i++) {
                if (i < pictures) {
                    Frame frame = new Frame(64, 48, Frame.DEPTH_UBYTE, 3);
                    MemorySegment.ofBuffer(frame.image[0]).fill((byte) (200 - i));
                    recorder.record(frame, avutil.AV_PIX_FMT_RGB24);
                }
                if (samples > 0) {
                    FloatBuffer tone = FloatBuffer.allocate(1_920);
                    for (int n = 0; n < 1_920; n++) {
                        double seconds = (i * 1_920 + n) / 48_000.0;
                        tone.put((float) (.3 * Math.sin(2 * Math.PI * 440 * seconds)));
                    }
                    recorder.recordSamples(48_000, 1, tone.flip());
                }
            }
        }
    }

    private int level() {
        return picture.get(ValueLayout.JAVA_BYTE, SHAPE.pictureBytes() / 2 + 3) & 0xFF;
    }

    private int loudness() {
        double sum = 0;
        for (int i = 1_000; i < 15_000; i++) {
            sum += sound.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        }
        return (int) Math.round(sum / 140);
    }

    private double rms() {
        double sum = 0;
        for (int i = 3_000; i < 12_000; i++) {
            double sample = sound.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            sum += sample * sample;
        }
        return Math.sqrt(sum / 9_000);
    }
}
