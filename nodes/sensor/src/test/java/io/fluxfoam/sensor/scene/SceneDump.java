package io.fluxfoam.sensor.scene;

import io.fluxfoam.distill.FrameShape;

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
import java.util.Locale;

import javax.imageio.ImageIO;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/** Writes scenes to look at and to listen to: {@code SceneDump FOLDER [SEED [FIRST [COUNT]]]}. */
final class SceneDump {
    private SceneDump() {}

    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        long seed = args.length > 1 ? Long.parseLong(args[1]) : 1;
        long first = args.length > 2 ? Long.parseLong(args[2]) : 0;
        int count = args.length > 3 ? Integer.parseInt(args[3]) : 24;
        FrameShape shape = FrameShape.STANDARD;
        try (SceneSource source = new SceneSource(shape, seed);
                Arena arena = Arena.ofConfined()) {
            MemorySegment picture = arena.allocate(shape.pictureBytes());
            MemorySegment sound = arena.allocate(shape.soundBytes(), Float.BYTES);
            for (long counter = first; counter < first + count; counter++) {
                source.read(counter, picture, sound);
                String name =
                        String.format(Locale.ROOT, "%06d %s", counter, source.caption())
                                .replace(' ', '-');
                ImageIO.write(image(picture, shape), "png", folder.resolve(name + ".png").toFile());
                writeWave(sound, folder.resolve(name + ".wav"), shape);
                Files.writeString(folder.resolve(name + ".txt"), source.caption());
            }
        }
    }

    static BufferedImage image(MemorySegment picture, FrameShape shape) {
        BufferedImage image =
                new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < shape.height(); y++) {
            for (int x = 0; x < shape.width(); x++) {
                int rgb = 0;
                for (int channel = 0; channel < 3; channel++) {
                    long at = (y * shape.width() + x) * 3L + channel;
                    rgb = rgb << 8 | picture.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
                }
                image.setRGB(x, y, rgb);
            }
        }
        return image;
    }

    private static void writeWave(MemorySegment sound, Path file, FrameShape shape)
            throws IOException {
        ByteBuffer pcm =
                ByteBuffer.allocate(shape.soundSamples() * Short.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < shape.soundSamples(); i++) {
            pcm.putShort((short) (sound.getAtIndex(ValueLayout.JAVA_FLOAT, i) * Short.MAX_VALUE));
        }
        AudioFormat format = new AudioFormat(FrameShape.SOUND_RATE, Short.SIZE, 1, true, false);
        AudioInputStream stream =
                new AudioInputStream(
                        new ByteArrayInputStream(pcm.array()), format, shape.soundSamples());
        AudioSystem.write(stream, AudioFileFormat.Type.WAVE, file.toFile());
    }
}
