package io.fluxfoam.sensor.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.SourceException;
import io.fluxfoam.sensor.SourceSettings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

import javax.imageio.ImageIO;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

class FolderSourceTest {
    private static final FrameShape SHAPE = FrameShape.STANDARD;

    @TempDir private Path folder;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment picture = arena.allocate(SHAPE.pictureBytes());
    private final MemorySegment sound = arena.allocate(SHAPE.soundBytes(), Float.BYTES);
    private final List<String> notices = new ArrayList<>();

    @AfterEach
    void free() {
        arena.close();
    }

    private FolderSource open(boolean once) throws SourceException {
        return new FolderSource(folder, SHAPE, SourceSettings.usual(1).once(once), notices::add);
    }

    @Test
    void shouldShowEachItemWithItsOwnSoundAndCaption() throws IOException {
        for (int i = 0; i < 3; i++) {
            writePicture("item" + i + ".png", 0x204060 + i);
            writeSound("item" + i + ".wav", 48_000, .1 * (i + 1));
            Files.writeString(folder.resolve("item" + i + ".txt"), " caption\n" + i + "\n");
        }
        try (FolderSource source = open(true)) {
            assertTrue(source.captioned());
            int[] items = {0, 1, 2};
            long[] counters = {0, 1, 3};
            for (int item : items) {
                assertTrue(source.read(counters[item], picture, sound));
                assertEquals(0x204060 + item, pixel(), "item=" + item);
                assertEquals("caption " + item, source.caption());
                assertEquals(.1 * (item + 1), mean(1_000, 15_000), .002);
                assertEquals(
                        0,
                        mean(18_000, SHAPE.soundSamples()),
                        .001,
                        "one second of sound, then silence");
            }
        }
    }

    @Test
    void shouldHoldEveryThirdItemOutOfTrainFrames() throws IOException {
        for (int i = 0; i < 7; i++) {
            writePicture("p" + i + ".png", 0x101010 * (i + 1));
        }
        Set<Integer> train = new HashSet<>();
        Set<Integer> heldOut = new HashSet<>();
        try (FolderSource source = open(false)) {
            for (int counter = 0; counter < 60; counter++) {
                assertTrue(source.read(counter, picture, sound));
                (counter % 3 == 2 ? heldOut : train).add(pixel());
            }
        }
        assertEquals(Set.of(0x303030, 0x606060), heldOut);
        assertEquals(5, train.size());
        assertTrue(train.stream().noneMatch(heldOut::contains));
    }

    @Test
    void shouldFillInWhatAnItemLacks() throws IOException {
        writePicture("a.png", 0x123456);
        writeSound("b.wav", 16_000, .5);
        writePicture("c.png", 0x654321);
        Files.writeString(folder.resolve("c.txt"), "only this one speaks");
        Files.writeString(folder.resolve("notes.txt"), "no item");
        try (FolderSource source = open(true)) {
            assertTrue(source.read(0, picture, sound));
            assertEquals(0x123456, pixel());
            assertEquals(0, mean(0, SHAPE.soundSamples()), .001);
            assertNull(source.caption());
            assertTrue(source.read(1, picture, sound));
            assertEquals(0, pixel());
            assertEquals(.5, mean(1_000, 15_000), .002);
            assertTrue(source.read(3, picture, sound));
            assertEquals(0x654321, pixel());
            assertEquals("only this one speaks", source.caption());
            assertTrue(source.read(5, picture, sound));
            assertEquals("only this one speaks", source.caption(), "held out is what has a name");
        }
    }

    @Test
    void shouldRefuseAFolderThatCannotHoldAnythingOut() throws IOException {
        writePicture("a.png", 0);
        writePicture("b.png", 0);
        SourceException refusal = assertThrows(SourceException.class, () -> open(false));
        assertEquals(
                "folder "
                        + folder
                        + " has 2 items with a picture or a sound that can be used, needs 3: every"
                        + " third is held out",
                refusal.getMessage());
    }

    @Test
    void shouldSkipWhatIsEmptyOrBrokenOfEachKindAndSayEachOnce() throws IOException {
        Set<Integer> good = new HashSet<>();
        for (int i = 0; i < 30; i++) {
            int rgb = 0x080402 * (i + 1);
            writePicture(String.format(Locale.ROOT, "good%02d.png", i), rgb);
            good.add(rgb);
        }
        Map<String, String> reasons = writeBad();
        Map<Integer, Boolean> kinds = new HashMap<>();
        for (long life : new long[] {0, 1_000, 2_001}) {
            notices.clear();
            Set<Integer> shown = new HashSet<>();
            try (FolderSource source = open(false)) {
                for (long counter = life; counter < life + 150; counter++) {
                    assertTrue(source.read(counter, picture, sound));
                    shown.add(pixel());
                    Boolean kind = kinds.putIfAbsent(pixel(), counter % 3 == 2);
                    assertTrue(kind == null || kind == (counter % 3 == 2), "counter=" + counter);
                }
                assertEquals(good, shown);
                assertEquals(reasons.size(), source.skippedItems());
            }
            assertEquals(reasons.size(), notices.size(), notices.toString());
            reasons.forEach((name, reason) -> {
                String line = "item skipped: " + reason + folder.resolve(name);
                assertTrue(
                        notices.stream().anyMatch(told -> told.startsWith(line)),
                        line + " in " + notices);
            });
        }
        Set<Integer> once = new HashSet<>();
        try (FolderSource source = open(true)) {
            int counter = 0;
            while (source.read(counter, picture, sound)) {
                once.add(pixel());
                counter++;
            }
            assertTrue(counter < 2 * good.size(), "counter=" + counter);
        }
        assertEquals(good, once, "each has its turn");
    }

    /** One bad item of each kind, spread over the folder; what is said of it before its path. */
    private Map<String, String> writeBad() throws IOException {
        Map<String, String> reasons = new HashMap<>();
        Files.createFile(folder.resolve("a.png"));
        reasons.put("a.png", "file is empty: ");
        byte[] png = Files.readAllBytes(folder.resolve("good00.png"));
        Files.write(folder.resolve("good05a.png"), Arrays.copyOf(png, 20));
        reasons.put("good05a.png", "nothing to decode in ");
        Files.write(folder.resolve("good06a.jpg"), new byte[3_000]);
        reasons.put("good06a.jpg", "nothing to decode in ");
        Files.writeString(folder.resolve("good07a.gif"), "<html>404 not found</html>");
        reasons.put("good07a.gif", "not a whole media file: ");
        writePicture("good08a.png", 0);
        Files.createFile(folder.resolve("good08a.wav"));
        reasons.put("good08a.wav", "file is empty: ");
        writePicture("good09a.png", 0);
        writeSound("good09a.wav", 16_000, .5);
        byte[] wav = Files.readAllBytes(folder.resolve("good09a.wav"));
        Files.write(folder.resolve("good09a.wav"), Arrays.copyOf(wav, 44));
        reasons.put("good09a.wav", "nothing to decode in ");
        writePicture("good10a.png", 0);
        Files.writeString(folder.resolve("good10a.txt"), "x".repeat(513));
        reasons.put("good10a.txt", "caption too long: file=");
        writePicture("good11a.png", 0);
        Files.write(folder.resolve("good11a.txt"), new byte[] {(byte) 0xE9, 'a'});
        reasons.put("good11a.txt", "caption is not UTF-8: ");
        Files.createSymbolicLink(folder.resolve("good12a.png"), Path.of("nowhere.png"));
        reasons.put("good12a.png", "file not found: ");
        Files.write(folder.resolve("good13a.txt"), new byte[70_000]);
        writePicture("good13a.png", 0);
        reasons.put("good13a.txt", "caption too long: file=");
        return reasons;
    }

    @Test
    void shouldHoldOutWhatCanBeDecodedInASmallFolder() throws IOException {
        for (String name : List.of("a", "b", "d", "e")) {
            writePicture(name + ".png", 0x204060);
        }
        Files.write(folder.resolve("c.png"), new byte[500]);
        Files.createFile(folder.resolve("bb.png"));
        try (FolderSource source = open(true)) {
            for (int counter = 0; counter < 4; counter++) {
                assertTrue(source.read(counter, picture, sound));
                assertEquals(0x204060, pixel());
            }
            assertFalse(source.read(4, picture, sound));
            assertEquals(2, source.skippedItems());
        }
        assertEquals(2, notices.size(), notices.toString());
    }

    @Test
    void shouldSkipWhatVanishesWhileItIsShown() throws IOException {
        for (int i = 0; i < 6; i++) {
            writePicture("p" + i + ".png", 0x101010 * (i + 1));
        }
        try (FolderSource source = open(false)) {
            Files.delete(folder.resolve("p2.png"));
            Files.delete(folder.resolve("p3.png"));
            for (int counter = 0; counter < 30; counter++) {
                assertTrue(source.read(counter, picture, sound));
            }
            assertEquals(2, source.skippedItems());
            assertEquals(2, notices.size(), notices.toString());
            Files.delete(folder.resolve("p5.png"));
            SourceException end =
                    assertThrows(SourceException.class, () -> source.read(32, picture, sound));
            assertEquals(
                    "folder " + folder + " has no item left that can be used and is held out",
                    end.getMessage());
        }
    }

    @Test
    void shouldPassOverHiddenFilesAndSayWhatElseItLeavesOut() throws IOException {
        for (String name : List.of("a", "b", "c")) {
            writePicture(name + ".png", 0x204060);
            Files.write(folder.resolve("._" + name + ".png"), new byte[24]);
        }
        Files.write(folder.resolve(".DS_Store"), new byte[6_148]);
        Files.createDirectory(folder.resolve(".git"));
        Files.write(folder.resolve("d.HEIC"), new byte[10]);
        Files.write(folder.resolve("e.heic"), new byte[10]);
        Files.write(folder.resolve("README"), new byte[10]);
        Files.write(folder.resolve("notes.txt"), new byte[10]);
        Files.createDirectory(folder.resolve("more.png"));
        Files.write(folder.resolve("a.webp"), new byte[10]);
        try (FolderSource source = open(true)) {
            int counter = 0;
            while (source.read(counter, picture, sound)) {
                assertEquals(0x204060, pixel());
                counter++;
            }
            assertEquals(3, counter);
            assertEquals(0, source.skippedItems());
        }
        assertEquals(
                List.of(
                        "left out of folder "
                                + folder
                                + ": 2 .heic, 1 .txt without picture and sound, 1 second picture"
                                + " of a name, 1 without extension"),
                notices);
    }

    @Test
    void shouldSayInOneErrorThatNothingInAFolderCanBeUsed() throws IOException {
        for (int i = 0; i < 30; i++) {
            Files.write(folder.resolve(String.format(Locale.ROOT, "%02d.png", i)), new byte[i]);
        }
        Files.write(folder.resolve("film.mov"), new byte[10]);
        Files.write(folder.resolve("film.heic"), new byte[10]);
        SourceException refusal = assertThrows(SourceException.class, () -> open(false));
        assertEquals(
                "folder "
                        + folder
                        + " has 0 items with a picture or a sound that can be used, needs 3: every"
                        + " third is held out; skipped 31, the first: file is empty: "
                        + folder.resolve("00.png")
                        + "; left out: 1 .heic",
                refusal.getMessage());
        assertEquals(List.of(), notices);
    }

    @Test
    void shouldBoundTheLinesOfManyBadItems() throws IOException {
        for (int i = 0; i < 100; i++) {
            Files.createFile(folder.resolve(String.format(Locale.ROOT, "bad%02d.png", i)));
        }
        for (String name : List.of("x", "y", "z")) {
            writePicture(name + ".png", 0);
        }
        try (FolderSource source = open(false)) {
            assertEquals(100, source.skippedItems());
        }
        assertEquals(20, notices.size());
        assertTrue(notices.getLast().endsWith("; more are only counted"), notices.getLast());
    }

    @Test
    void shouldTakeTheMarkBeforeACaptionOff() throws IOException {
        for (String name : List.of("a", "b", "c")) {
            writePicture(name + ".png", 0);
        }
        Files.writeString(folder.resolve("a.txt"), "\uFEFFa red kite");
        Files.writeString(folder.resolve("b.txt"), "\uFEFF\r\n a\r\n red  kite \r\n");
        Files.writeString(folder.resolve("c.txt"), "\uFEFF");
        try (FolderSource source = open(true)) {
            Set<String> captions = new HashSet<>();
            for (int counter = 0; source.read(counter, picture, sound); counter++) {
                captions.add(String.valueOf(source.caption()));
            }
            assertEquals(Set.of("a red kite", "null"), captions);
        }
    }

    /** Also where the locale cannot spell them, in which they look alike. */
    @Test
    void shouldTellNamesApartByTheirBytes() throws IOException {
        writePicture("plain.png", 0x101010);
        List<String> names = List.of("%C3%A9", "%C3%A8", "%E9", "%F0%9F%AA%81", "100%25d", "*");
        for (int i = 0; i < names.size(); i++) {
            int rgb = 0x101010 * (i + 2);
            writePicture("next.png", rgb);
            String uri = folder.toUri() + names.get(i);
            Files.move(folder.resolve("next.png"), Path.of(URI.create(uri + ".png")));
            Files.writeString(Path.of(URI.create(uri + ".txt")), Integer.toHexString(rgb));
        }
        Set<Integer> shown = new HashSet<>();
        try (FolderSource source = open(true)) {
            for (int counter = 0; source.read(counter, picture, sound); counter++) {
                if (counter % 3 != 2) {
                    shown.add(pixel());
                    String caption = source.caption();
                    assertEquals(
                            pixel() == 0x101010 ? null : Integer.toHexString(pixel()), caption);
                }
            }
        }
        assertEquals(7, shown.size());
        assertEquals(List.of(), notices);
    }

    private void writePicture(String name, int rgb) throws IOException {
        BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 40 * 30; i++) {
            image.setRGB(i % 40, i / 40, rgb);
        }
        ImageIO.write(image, "png", folder.resolve(name).toFile());
    }

    /** One second of a constant value in two channels. */
    private void writeSound(String name, int rate, double value) throws IOException {
        ByteBuffer pcm = ByteBuffer.allocate(rate * 2 * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (pcm.hasRemaining()) {
            pcm.putShort((short) Math.round(value * 32_768));
        }
        AudioFormat format = new AudioFormat(rate, Short.SIZE, 2, true, false);
        AudioSystem.write(
                new AudioInputStream(new ByteArrayInputStream(pcm.array()), format, rate),
                AudioFileFormat.Type.WAVE,
                folder.resolve(name).toFile());
    }

    private int pixel() {
        int rgb = 0;
        for (int channel = 0; channel < 3; channel++) {
            rgb = rgb << 8 | picture.get(ValueLayout.JAVA_BYTE, 30_000 + channel) & 0xFF;
        }
        return rgb;
    }

    private double mean(int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += sound.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        }
        return sum / (to - from);
    }
}
