package io.fluxfoam.teacher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Axes;
import io.fluxfoam.teacher.PictureEncoder.Layout;

import org.junit.jupiter.api.Test;

/** What is likely of a tensor whose user says nothing. */
class PlacingTest {
    private static void assertLikely(
            Alignment aligned, Axes axes, Layout layout, Sense sense, long... shape) {
        Placing unsaid = new Placing(null, null, layout);
        assertEquals(axes, unsaid.axes(sense, shape));
        assertEquals(aligned, unsaid.aligned(sense, shape));
    }

    @Test
    void shouldTakeThreeAxesOfAPicturesModelForAMap() {
        assertLikely(Alignment.PICTURE, Axes.CHW, Layout.NCHW, Sense.PICTURE, 512, 16, 16);
        assertLikely(Alignment.PICTURE, Axes.HWC, Layout.NHWC, Sense.PICTURE, 16, 16, 512);
        assertLikely(Alignment.PICTURE, Axes.CHW, Layout.NCHW, Sense.PICTURE, 3, 2, 4);
    }

    @Test
    void shouldTakeAMapOfOneColumnForASummary() {
        assertLikely(Alignment.NONE, Axes.CHW, Layout.NCHW, Sense.PICTURE, 512, 1, 1);
        assertLikely(Alignment.NONE, Axes.HWC, Layout.NHWC, Sense.PICTURE, 1, 1, 512);
    }

    @Test
    void shouldTakeManyRowsOfASoundsModelForTimeSteps() {
        assertLikely(Alignment.SOUND, Axes.ROWS, Layout.NCHW, Sense.SOUND, 1500, 384);
        assertLikely(Alignment.NONE, Axes.ROWS, Layout.NCHW, Sense.SOUND, 20, 384);
        assertLikely(Alignment.NONE, Axes.ROWS, Layout.NCHW, Sense.SOUND, 20_000);
    }

    @Test
    void shouldTakeTokensForRowsOfNoGrid() {
        assertLikely(Alignment.NONE, Axes.ROWS, Layout.NCHW, Sense.PICTURE, 197, 768);
    }

    @Test
    void shouldBelieveItsUser() {
        Placing said = new Placing(Alignment.SOUND, Axes.HWC, Layout.NCHW);
        assertEquals(Axes.HWC, said.axes(Sense.PICTURE, 512, 16, 16));
        assertEquals(Alignment.SOUND, said.aligned(Sense.PICTURE, 3));
    }
}
