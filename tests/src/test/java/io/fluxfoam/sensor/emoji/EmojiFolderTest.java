package io.fluxfoam.sensor.emoji;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.sensor.SourceSettings;
import io.fluxfoam.sensor.media.FolderCheck;
import io.fluxfoam.sensor.media.FolderSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import javax.imageio.ImageIO;

/** A folder of a few things, read back. */
class EmojiFolderTest {
    private static final int THINGS = 4;
    private static final FrameShape SHAPE = EmojiSource.SHAPE;

    @TempDir private Path directory;

    private void write() throws IOException {
        assumeTrue(EmojiFolder.hasIcons(), "the icons could not be fetched at build time");
        EmojiFolder.write(directory, THINGS, 1);
    }

    private static List<String> captions() {
        return EmojiFolder.captions().subList(0, THINGS);
    }

    @Test
    void shouldBeAFolderOfTakesOfWhichNothingIsSkipped() throws IOException {
        write();
        Map<String, Object> facts = new FolderCheck(directory, SHAPE).facts();
        assertEquals(THINGS * EmojiFolder.TAKES, facts.get("items"));
        assertEquals(2L * THINGS * EmojiFolder.TAKES, facts.get("takes"));
        assertEquals(THINGS, facts.get("captions"));
        assertEquals(2L * THINGS, facts.get("holdout"), "a picture and a recording of each");
        assertEquals(List.of(Map.of("name", "takes", "captions", THINGS)), facts.get("sets"));
        assertEquals(List.of(), facts.get("skipped"));
    }

    /** Of things before nothing, in no hand that is held out, and of three sizes. */
    @Test
    void shouldHaveAThirdPictureInAHandOfTheFirstTwo() throws IOException {
        write();
        for (int thing = 0; thing < THINGS; thing++) {
            Set<EmojiStyle> trained = new HashSet<>();
            for (int take = 1; take <= EmojiFolder.TAKES; take++) {
                String name = Icons.things().get(thing) + "." + take + ".png";
                EmojiStyle hand = hand(ImageIO.read(directory.resolve(name).toFile()), thing);
                assertNotEquals(EmojiStyle.OPENMOJI, hand);
                assertEquals(take < EmojiFolder.TAKES, trained.add(hand), name);
            }
        }
    }

    /** The one whose drawing is the nearest, which it then is to a rounding. */
    private static EmojiStyle hand(BufferedImage image, int thing) throws IOException {
        Icons icons =
                new Icons(Path.of(System.getProperty("foam.home"), "nodes/sensor/target/models"));
        EmojiStyle nearest = null;
        for (EmojiStyle style : EmojiStyle.values()) {
            byte[] rgba = new IconPainter(icons, image.getWidth()).paint(style, thing);
            int farthest = 0;
            for (int i = 0; i < rgba.length / 4; i++) {
                int argb = image.getRGB(i % image.getWidth(), i / image.getWidth());
                int opacity = argb >>> 24;
                farthest = Math.max(farthest, Math.abs((rgba[4 * i + 3] & 0xFF) - opacity));
                int red = (argb >> 16 & 0xFF) * opacity / 255;
                farthest = Math.max(farthest, Math.abs((rgba[4 * i] & 0xFF) - red));
            }
            nearest = farthest <= 2 ? style : nearest;
        }
        assertNotEquals(null, nearest, "drawn in no style: thing=" + thing);
        return nearest;
    }

    @Test
    void shouldShowAndSayWhatItIsCalled() throws IOException {
        write();
        try (FolderSource source =
                        new FolderSource(directory, SHAPE, SourceSettings.usual(1), line -> {});
                Arena arena = Arena.ofConfined()) {
            List<CandidateSet> sets = source.candidates().sets();
            assertEquals(1, sets.size());
            assertEquals(Set.copyOf(captions()), Set.copyOf(sets.getFirst().captions()));
            MemorySegment picture = arena.allocate(SHAPE.pictureBytes());
            MemorySegment sound = arena.allocate(SHAPE.soundBytes(), Float.BYTES);
            Set<String> trained = new HashSet<>();
            Set<String> heldOut = new HashSet<>();
            Set<Integer> different = new HashSet<>();
            for (long counter = 0; counter < 3 * THINGS; counter++) {
                assertTrue(source.read(counter, picture, sound));
                (HoldoutRule.isHoldout(counter) ? heldOut : trained).add(source.caption());
                different.add(Arrays.hashCode(picture.toArray(ValueLayout.JAVA_BYTE)));
                assertTrue(loudest(sound) > .1, source.caption());
            }
            assertEquals(Set.copyOf(captions()), trained);
            assertEquals(Set.copyOf(captions()), heldOut);
            assertEquals(3 * THINGS, different.size(), "as many pictures as takes");
            assertEquals(0, source.skippedItems());
        }
    }

    private static double loudest(MemorySegment sound) {
        double loudest = 0;
        for (float value : sound.toArray(ValueLayout.JAVA_FLOAT)) {
            loudest = Math.max(loudest, Math.abs(value));
        }
        return loudest;
    }
}
