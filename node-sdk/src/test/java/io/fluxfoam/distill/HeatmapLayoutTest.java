package io.fluxfoam.distill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;

class HeatmapLayoutTest {
    private static final HeatmapLayout LOOP =
            HeatmapLayout.EMPTY
                    .append("teacher-vision", 40, 120)
                    .append("teacher-whisper", 23, 96)
                    .append("teacher-llm", 1, 384);

    @Test
    void shouldPlaceRegionsBehindEachOther() {
        assertEquals(3, LOOP.version());
        assertEquals(7392, LOOP.floats());
        assertEquals(new Region("teacher-whisper", 4800, 2208, 23, 96), LOOP.regions().get(1));
        assertEquals(LOOP.regions().get(2), LOOP.find("teacher-llm").orElseThrow());
        assertTrue(LOOP.find("teacher-touch").isEmpty());
    }

    @Test
    void shouldAlignRegionsToCacheLines() {
        HeatmapLayout layout = HeatmapLayout.EMPTY.append("odd", 1, 17).append("next", 3, 5);
        assertEquals(32, layout.regions().get(1).offset());
        assertEquals(47, layout.floats());
    }

    @Test
    void shouldKeepOldRegionsWhereTheyAreWhenOneIsAppended() {
        HeatmapLayout longer = LOOP.append("teacher-touch", 7, 9);
        assertEquals(LOOP.regions(), longer.regions().subList(0, 3));
        assertEquals(LOOP.version() + 1, longer.version());
    }

    @Test
    void shouldReadBackItsText() {
        assertEquals(
                "teacher-vision 0 4800 40 120\n"
                        + "teacher-whisper 4800 2208 23 96\n"
                        + "teacher-llm 7008 384 1 384\n",
                LOOP.text());
        assertEquals(LOOP, HeatmapLayout.parse(3, LOOP.text()));
        assertEquals(HeatmapLayout.EMPTY, HeatmapLayout.parse(0, ""));
    }

    @Test
    void shouldRefuseTextThatIsNoLayout() {
        assertThrows(IllegalArgumentException.class, () -> HeatmapLayout.parse(1, "name 0 4 2\n"));
        assertThrows(
                IllegalArgumentException.class, () -> HeatmapLayout.parse(1, "name 0 four 2 2\n"));
        assertThrows(
                IllegalArgumentException.class, () -> HeatmapLayout.parse(1, "name 0 5 2 2\n"));
        assertThrows(
                IllegalArgumentException.class, () -> HeatmapLayout.parse(1, "name 3 4 2 2\n"));
        assertThrows(
                IllegalArgumentException.class,
                () -> HeatmapLayout.parse(2, "a 0 32 2 16\nb 16 4 2 2\n"));
        assertThrows(IllegalArgumentException.class, () -> HeatmapLayout.parse(-1, ""));
    }

    @Test
    void shouldRefuseANameTwiceOrWithSpaces() {
        assertThrows(IllegalArgumentException.class, () -> LOOP.append("teacher-llm", 1, 8));
        assertThrows(IllegalArgumentException.class, () -> LOOP.append("teacher llm", 1, 8));
        assertThrows(IllegalArgumentException.class, () -> LOOP.append("", 1, 8));
    }

    @Test
    void shouldRefuseShapesThatOverflow() {
        assertThrows(IllegalArgumentException.class, () -> LOOP.append("huge", 1 << 20, 1 << 20));
        assertThrows(IllegalArgumentException.class, () -> LOOP.append("none", 0, 4));
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        new HeatmapLayout(
                                1,
                                List.of(
                                        new Region(
                                                "a",
                                                16,
                                                Integer.MAX_VALUE,
                                                Integer.MAX_VALUE,
                                                1))));
    }
}
