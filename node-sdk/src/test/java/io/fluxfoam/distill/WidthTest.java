package io.fluxfoam.distill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WidthTest {
    @Test
    void shouldBeAShareOfThePackagedStudent() {
        assertEquals(Width.PACKAGED, Width.parse("1"));
        assertEquals(48, Width.parse("0.25").of(192));
        assertEquals(384, Width.parse("4").of(96));
        assertEquals("0.375", Width.parse("0.375").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "0.3", "4.125", "NaN", "Infinity", "1e300", "wide", ""})
    void shouldRefuseWhatIsNone(String share) {
        String said =
                assertThrows(IllegalArgumentException.class, () -> Width.parse(share)).getMessage();
        assertTrue(said.startsWith("width=" + share + " "), said);
    }

    @Test
    void shouldDoubleUpToTheWidest() {
        StringBuilder widths = new StringBuilder();
        Width width = Width.parse("0.375");
        for (; width.next().isWiderThan(width); width = width.next()) {
            widths.append(width).append(' ');
        }
        assertEquals("0.375 0.75 1.5 3.0 ", widths.toString());
        assertEquals("4.0", width.toString());
        assertFalse(width.isWiderThan(width));
        assertTrue(width.isWiderThan(Width.PACKAGED));
    }
}
