package io.fluxfoam.sensor.emoji;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.launch.FoamHome;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

import javax.imageio.ImageIO;

/**
 * Writes many frames of {@code emoji:} into one picture, to look at, with what a frame costs:
 * {@code ContactSheet PNG [FIRST [COUNT [WIDTHxHEIGHT [HELD_STYLE [SEED]]]]]}. Held-out frames have
 * a red corner. Beside it stands their sound, one after the other, as 16-bit samples.
 */
final class ContactSheet {
    private static final int COLUMNS = 12;
    private static final int MARK = 6;
    private static final int WARM_UP = 2000;

    private ContactSheet() {}

    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]);
        long first = args.length > 1 ? Long.parseLong(args[1]) : 0;
        int count = args.length > 2 ? Integer.parseInt(args[2]) : 144;
        String[] size = (args.length > 3 ? args[3] : "128x96").split("x");
        int width = Integer.parseInt(size[0]);
        int height = Integer.parseInt(size[1]);
        FrameShape shape = new FrameShape(height, width, FrameShape.STANDARD_SOUND_SAMPLES);
        String held = args.length > 4 ? args[4] : "openmoji";
        long seed = args.length > 5 ? Long.parseLong(args[5]) : 1;
        Path icons = FoamHome.resolve("nodes", "sensor", "target", "models").orElseThrow();
        int rows = (count + COLUMNS - 1) / COLUMNS;
        BufferedImage sheet =
                new BufferedImage(COLUMNS * width, rows * height, BufferedImage.TYPE_INT_RGB);
        ByteBuffer pcm =
                ByteBuffer.allocate(count * shape.soundSamples() * Short.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        try (EmojiSource source = new EmojiSource(shape, seed, held, icons, System.out::println);
                Arena arena = Arena.ofConfined()) {
            MemorySegment picture = arena.allocate(shape.pictureBytes());
            MemorySegment sound = arena.allocate(shape.soundBytes(), Float.BYTES);
            Graphics2D graphics = sheet.createGraphics();
            graphics.setColor(Color.RED);
            for (int i = 0; i < count; i++) {
                source.read(first + i, picture, sound);
                int x = i % COLUMNS * width;
                int y = i / COLUMNS * height;
                put(picture, shape, sheet, x, y);
                if (HoldoutRule.isHoldout(first + i)) {
                    graphics.fillRect(x, y, MARK, MARK);
                }
                for (int s = 0; s < shape.soundSamples(); s++) {
                    float value = sound.getAtIndex(ValueLayout.JAVA_FLOAT, s);
                    pcm.putShort((short) (value * Short.MAX_VALUE));
                }
            }
            ImageIO.write(sheet, "png", file.toFile());
            Files.write(Path.of(file + ".s16le"), pcm.array());
            System.out.printf(
                    Locale.ROOT,
                    "first %d frames: %.2f ms each; next: %.2f ms%n",
                    WARM_UP,
                    millis(source, 0, picture, sound),
                    millis(source, WARM_UP, picture, sound));
        }
    }

    private static double millis(
            EmojiSource source, long from, MemorySegment picture, MemorySegment sound)
            throws IOException {
        long begin = System.nanoTime();
        for (int i = 0; i < WARM_UP; i++) {
            source.read(from + i, picture, sound);
        }
        return (System.nanoTime() - begin) / 1e6 / WARM_UP;
    }

    private static void put(
            MemorySegment picture, FrameShape shape, BufferedImage sheet, int left, int top) {
        for (int y = 0; y < shape.height(); y++) {
            for (int x = 0; x < shape.width(); x++) {
                int rgb = 0;
                for (int channel = 0; channel < FrameShape.CHANNELS; channel++) {
                    long at = ((long) y * shape.width() + x) * FrameShape.CHANNELS + channel;
                    rgb = rgb << 8 | picture.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
                }
                sheet.setRGB(left + x, top + y, rgb);
            }
        }
    }
}
