package io.fluxfoam.sensor.scene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.SourceException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import java.util.SplittableRandom;

class PainterTest {
    private static final FrameShape SHAPE = FrameShape.STANDARD;
    private static final Ink BLACK_ON_WHITE =
            new Ink(new double[] {0, 0, 0}, new double[] {255, 255, 255});

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment picture = arena.allocate(SHAPE.pictureBytes());
    private final Painter painter;

    PainterTest() throws SourceException {
        painter = new Painter(SHAPE);
    }

    @AfterEach
    void free() {
        arena.close();
    }

    /**
     * Without noise the border, up to the margin, is one colour: nothing of the text reaches it.
     */
    @Test
    void shouldKeepTheWholeSentenceInsideTheMargin() {
        String longest = longestSentence();
        for (int seed = 0; seed < 400; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            painter.fill(painter.place(longest, random), BLACK_ON_WHITE, 0, random, picture);
            int margin = (int) Painter.MARGIN_PX;
            int background = pixel(0, 0);
            boolean shown = false;
            for (int y = 0; y < SHAPE.height(); y++) {
                for (int x = 0; x < SHAPE.width(); x++) {
                    boolean inside =
                            x >= margin
                                    && x < SHAPE.width() - margin
                                    && y >= margin
                                    && y < SHAPE.height() - margin;
                    boolean ink = pixel(x, y) != background;
                    assertTrue(inside || !ink, "seed=" + seed + " ink at x=" + x + " y=" + y);
                    shown |= ink;
                }
            }
            assertTrue(shown, "seed=" + seed + " shows nothing");
        }
    }

    @Test
    void shouldContrastTextAndBackgroundInLuminanceWithinTheColourCube() {
        for (int seed = 0; seed < 2_000; seed++) {
            Ink ink = Ink.draw(new SplittableRandom(seed));
            double contrast = Math.abs(Ink.luminance(ink.text()) - Ink.luminance(ink.background()));
            assertTrue(
                    contrast >= Ink.MIN_CONTRAST - 1e-6, "seed=" + seed + " contrast=" + contrast);
            for (double[] colour : new double[][] {ink.text(), ink.background()}) {
                for (double channel : colour) {
                    assertTrue(
                            channel > -1e-6 && channel < 255 + 1e-6,
                            "seed=" + seed + " channel=" + channel);
                }
            }
        }
    }

    @Test
    void shouldUseColours() {
        int tinted = 0;
        for (int seed = 0; seed < 100; seed++) {
            double[] background = Ink.draw(new SplittableRandom(seed)).background();
            tinted += Math.abs(background[0] - background[2]) > 10 ? 1 : 0;
        }
        assertTrue(tinted > 30, "tinted=" + tinted);
    }

    @Test
    void shouldPaintOverWhateverThePictureHeldBefore() {
        painter.paint("red dog near the river", new SplittableRandom(5), picture);
        byte[] first = picture.toArray(ValueLayout.JAVA_BYTE);
        picture.fill((byte) 0x5A);
        painter.paint("old lamp inside the tower", new SplittableRandom(6), picture);
        picture.fill((byte) 0xA5);
        painter.paint("red dog near the river", new SplittableRandom(5), picture);
        assertEquals(-1, MemorySegment.ofArray(first).mismatch(picture));
    }

    private int pixel(int x, int y) {
        int rgb = 0;
        for (int channel = 0; channel < 3; channel++) {
            rgb =
                    rgb << 8
                            | picture.get(
                                            ValueLayout.JAVA_BYTE,
                                            (y * SHAPE.width() + x) * 3L + channel)
                                    & 0xFF;
        }
        return rgb;
    }

    private static String longestSentence() {
        Object[] words =
                WordLists.SLOTS.stream()
                        .map(slot ->
                                slot.seen().stream()
                                        .max((a, b) -> a.length() - b.length())
                                        .orElseThrow())
                        .toArray();
        return String.format(Locale.ROOT, "%s %s %s the %s", words);
    }
}
