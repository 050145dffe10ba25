package io.fluxfoam.sensor.emoji;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.launch.FoamHome;
import io.fluxfoam.sensor.vary.SoundVariation;
import io.fluxfoam.sensor.vary.Sprite;
import io.fluxfoam.sensor.vary.VariationStrength;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

import javax.imageio.ImageIO;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/**
 * The things of {@code emoji:} as a folder that a user could have: of each its name, three pictures
 * and three recordings. Of three takes a folder holds the third out. So the third picture is in one
 * of the two hands that drew the others, drawn anew: as in that world, what is held out is a
 * rendering of a drawing that is trained on, not a hand that is not. The recordings are the name as
 * somebody says it three times; the sensor varies them as far as the world does.
 *
 * <p>As a program, with this module's class path: {@code EmojiFolder DIR}.
 */
public final class EmojiFolder {
    public static final int TAKES = 3;

    private static final EmojiStyle HELD = EmojiStyle.OPENMOJI;
    private static final FrameShape SHAPE = EmojiSource.SHAPE;

    /** Pixels of a side: no two takes are the same file, whoever drew them. */
    private static final int[] SIDES = {128, 112, 96};

    private static final int OPACITY = 3;
    private static final int RGBA_TO_ARGB = 8;

    private final Icons icons;
    private final Path directory;

    private EmojiFolder(Icons icons, Path directory) {
        this.icons = icons;
        this.directory = directory;
    }

    public static void main(String[] args) throws IOException {
        write(Files.createDirectories(Path.of(args[0])), captions().size(), 1);
    }

    /** Whether the build could fetch the icons. */
    public static boolean hasIcons() {
        return Files.exists(iconFiles().resolve(HELD.text() + ".tsv"));
    }

    private static Path iconFiles() {
        return FoamHome.resolve("nodes", "sensor", "target", "models").orElseThrow();
    }

    /** What all things are called. */
    public static List<String> captions() {
        return EmojiSource.captions();
    }

    /** Writes the first so many things into a directory. */
    public static void write(Path directory, int things, long seed) throws IOException {
        EmojiFolder folder = new EmojiFolder(new Icons(iconFiles()), directory);
        SpokenNames names = new SpokenNames(captions());
        for (int thing = 0; thing < things; thing++) {
            Files.writeString(folder.file(thing, "txt"), captions().get(thing));
            folder.draw(thing, new Random(seed + thing));
            folder.record(thing, names.spoken(thing), new SplittableRandom(seed + thing));
        }
    }

    private Path file(int thing, String end) {
        return directory.resolve(Icons.things().get(thing) + "." + end);
    }

    private void draw(int thing, Random random) throws IOException {
        List<EmojiStyle> hands = new ArrayList<>(HELD.trained());
        Collections.shuffle(hands, random);
        hands.set(TAKES - 1, hands.get(random.nextInt(TAKES - 1)));
        for (int take = 0; take < TAKES; take++) {
            int side = SIDES[take];
            byte[] rgba = new IconPainter(icons, side).paint(hands.get(take), thing);
            ImageIO.write(image(rgba, side), "png", file(thing, take + 1 + ".png").toFile());
        }
    }

    /** With colours as files have them, not multiplied by the opacity. */
    private static BufferedImage image(byte[] premultiplied, int side) {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < side * side; i++) {
            int at = i * Sprite.PIXEL_BYTES;
            int opacity = premultiplied[at + OPACITY] & 0xFF;
            int argb = opacity;
            for (int c = 0; c < OPACITY; c++) {
                int value = premultiplied[at + c] & 0xFF;
                argb = argb << RGBA_TO_ARGB | (opacity == 0 ? 0 : value * 255 / opacity);
            }
            image.setRGB(i % side, i / side, argb);
        }
        return image;
    }

    private void record(int thing, float[] spoken, SplittableRandom random) throws IOException {
        SoundVariation variation = new SoundVariation(SHAPE, VariationStrength.MILD);
        float[] window = new float[SHAPE.soundSamples()];
        ByteBuffer pcm =
                ByteBuffer.allocate(window.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        MemorySegment heard = MemorySegment.ofArray(window);
        for (int take = 0; take < TAKES; take++) {
            variation.play(spoken, random.split(), heard);
            for (int i = 0; i < window.length; i++) {
                float value = heard.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                pcm.putShort(i * Short.BYTES, (short) Math.round(value * Short.MAX_VALUE));
            }
            AudioInputStream sound =
                    new AudioInputStream(
                            new ByteArrayInputStream(pcm.array()),
                            new AudioFormat(FrameShape.SOUND_RATE, Short.SIZE, 1, true, false),
                            window.length);
            AudioSystem.write(
                    sound, AudioFileFormat.Type.WAVE, file(thing, take + 1 + ".wav").toFile());
        }
    }
}
