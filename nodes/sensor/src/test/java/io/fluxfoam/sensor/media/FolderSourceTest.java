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

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
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

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void shouldShowEachItemWithItsOwnSoundAndCaption() throws IOException {
        for (int i = 0; i < 3; i++) {
            writePicture("item" + i + ".png", 0x204060 + i);
            writeSound("item" + i + ".wav", 48_000, .1 * (i + 1));
            Files.writeString(folder.resolve("item" + i + ".txt"), " caption\n" + i + "\n");
        }
        try (FolderSource source = new FolderSource(folder, SHAPE, true, 1)) {
            assertTrue(source.captioned());
            for (int counter = 0; counter < 3; counter++) {
                assertTrue(source.read(counter, picture, sound));
                assertEquals(0x204060 + counter, pixel(), "counter=" + counter);
                assertEquals("caption " + counter, source.caption());
                assertEquals(.1 * (counter + 1), mean(1_000, 15_000), .002);
                assertEquals(
                        0,
                        mean(18_000, SHAPE.soundSamples()),
                        .001,
                        "one second of sound, then silence");
            }
            assertFalse(source.read(3, picture, sound));
        }
    }

    @Test
    void shouldHoldEveryThirdItemOutOfTrainFrames() throws IOException {
        for (int i = 0; i < 7; i++) {
            writePicture("p" + i + ".png", 0x101010 * (i + 1));
        }
        Set<Integer> train = new HashSet<>();
        Set<Integer> heldOut = new HashSet<>();
        try (FolderSource source = new FolderSource(folder, SHAPE, false, 1)) {
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
        try (FolderSource source = new FolderSource(folder, SHAPE, true, 1)) {
            assertTrue(source.read(0, picture, sound));
            assertEquals(0, mean(0, SHAPE.soundSamples()), .001);
            assertNull(source.caption());
            assertTrue(source.read(1, picture, sound));
            assertEquals(0, pixel());
            assertEquals(.5, mean(1_000, 15_000), .002);
            assertTrue(source.read(2, picture, sound));
            assertEquals("only this one speaks", source.caption());
        }
    }

    @Test
    void shouldRefuseAFolderThatCannotHoldAnythingOut() throws IOException {
        writePicture("a.png", 0);
        writePicture("b.png", 0);
        SourceException refusal =
                assertThrows(
                        SourceException.class, () -> new FolderSource(folder, SHAPE, false, 1));
        assertTrue(refusal.getMessage().contains("has 2 items"), refusal.getMessage());
    }

    @Test
    void shouldRefuseACaptionThatDoesNotFitItsStream() throws IOException {
        Files.writeString(folder.resolve("a.txt"), "x".repeat(513));
        SourceException refusal =
                assertThrows(
                        SourceException.class, () -> new FolderSource(folder, SHAPE, false, 1));
        assertTrue(refusal.getMessage().contains("bytes=513 limit=512"), refusal.getMessage());
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
