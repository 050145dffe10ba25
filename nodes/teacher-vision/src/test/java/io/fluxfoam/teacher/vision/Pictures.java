package io.fluxfoam.teacher.vision;

import io.fluxfoam.teacher.Sample;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import javax.imageio.ImageIO;

/** Scenes that the sensor drew, as it would publish them. */
final class Pictures {
    private Pictures() {}

    /** The picture of a sentence, from its resource. */
    static Sample of(String sentence, Arena arena) throws IOException {
        try (InputStream file =
                Pictures.class.getResourceAsStream(sentence.replace(' ', '-') + ".png")) {
            BufferedImage image = ImageIO.read(file);
            Sample blank = blank(image.getHeight(), image.getWidth(), arena);
            for (int pixel = 0; pixel < image.getWidth() * image.getHeight(); pixel++) {
                int rgb = image.getRGB(pixel % image.getWidth(), pixel / image.getWidth());
                for (int channel = 0; channel < 3; channel++) {
                    byte value = (byte) (rgb >> 16 - 8 * channel);
                    blank.payload().set(ValueLayout.JAVA_BYTE, 3L * pixel + channel, value);
                }
            }
            return blank;
        }
    }

    /** A picture of one grey. */
    static Sample blank(int height, int width, Arena arena) {
        MemorySegment payload = arena.allocate(3L * height * width);
        payload.fill((byte) 128);
        return new Sample(payload, height, width, 3);
    }
}
