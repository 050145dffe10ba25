package io.fluxfoam.sensor.scene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.sensor.SourceException;

import org.junit.jupiter.api.Test;

import java.awt.geom.Rectangle2D;
import java.util.List;

class TrueTypeFontTest {
    private final List<TrueTypeFont> fonts;

    TrueTypeFontTest() throws SourceException {
        fonts = Typefaces.load();
    }

    @Test
    void shouldDrawEveryLetterOfEveryFace() {
        for (TrueTypeFont font : fonts) {
            Rectangle2D missing = font.outline("\uFFFE", 20).getBounds2D();
            for (char letter = 'a'; letter <= 'z'; letter++) {
                Rectangle2D box = font.outline(String.valueOf(letter), 20).getBounds2D();
                assertTrue(box.getWidth() > 1 && box.getHeight() > 8, letter + " " + box);
                assertTrue(!box.equals(missing), letter + " is the box of a missing character");
            }
        }
    }

    @Test
    void shouldStandOnTheBaselineAndGrowUpwardsWithTheSize() {
        for (TrueTypeFont font : fonts) {
            Rectangle2D small = font.outline("x", 10).getBounds2D();
            Rectangle2D large = font.outline("x", 40).getBounds2D();
            assertEquals(0, small.getMaxY(), 1e-6);
            assertTrue(small.getMinY() < -4 && small.getMinY() > -8, small.toString());
            assertEquals(4 * small.getHeight(), large.getHeight(), 1e-6);
        }
    }

    @Test
    void shouldAdvanceByOneWidthForEveryLetterOfAMonospacedFace() {
        TrueTypeFont mono = fonts.get(4);
        double one = mono.outline("l", 20).getBounds2D().getMinX();
        double third = mono.outline("  l", 20).getBounds2D().getMinX();
        assertEquals(2 * 20 * 1233 / 2048.0, third - one, 1e-6);
    }

    @Test
    void shouldDotTheLetterIThatIsMadeOfTwoParts() {
        for (TrueTypeFont font : fonts) {
            double dotted = font.outline("i", 20).getBounds2D().getHeight();
            double dotless = font.outline("\u0131", 20).getBounds2D().getHeight();
            assertTrue(dotted > dotless + 2, dotted + " " + dotless);
        }
    }

    @Test
    void shouldRefuseWhatIsNoFont() {
        assertThrows(IllegalArgumentException.class, () -> new TrueTypeFont(new byte[64]));
    }
}
