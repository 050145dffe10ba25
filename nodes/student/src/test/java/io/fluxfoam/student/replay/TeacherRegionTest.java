package io.fluxfoam.student.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Statistics;
import io.fluxfoam.student.Scenery;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;

/** What values far off do to a region. */
class TeacherRegionTest {
    private static final int TOKENS = 3;
    private static final int DIM = 4;

    private final Arena memory = Arena.ofAuto();
    private final MomentArena moments = new MomentArena(ReplayMemory.in(memory), Scenery.SHAPE, 2);
    private final RegionTable regions = new RegionTable(ReplayMemory.in(memory), 2);
    private final Random random = new Random(3);
    private TeacherRegion region =
            regions.add(
                    "teacher",
                    TOKENS,
                    DIM,
                    new TargetSource(Alignment.NONE, ""),
                    Statistics.identity(DIM));
    private long frames;
    private Moment newest;

    /** A tensor of deviation 2 around 5, with one value of its own. */
    private void feed(float first) {
        float[] values = new float[TOKENS * DIM];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (5 + 2 * random.nextGaussian());
        }
        values[0] = Float.isNaN(first) ? values[0] : first;
        accept(values);
    }

    private void accept(float[] values) {
        newest = moments.open(++frames, 0, 0);
        assertTrue(region.accept(newest, MemorySegment.ofArray(values)));
    }

    private void feedOrdinary(int count) {
        for (int i = 0; i < count; i++) {
            feed(Float.NaN);
        }
    }

    private void begin(int momentsBefore, float outlier) {
        feedOrdinary(momentsBefore);
        feed(outlier);
    }

    /** Over what both moments have: what only one teacher said of does not tell them apart. */
    @Test
    void shouldSayHowFarApartTwoMomentsAre() {
        TeacherRegion other =
                regions.add("other", 1, 2, region.targetSource(), Statistics.identity(2));
        float[] values = new float[TOKENS * DIM];
        accept(values);
        Moment one = newest;
        values[3] = 6;
        accept(values);
        Moment two = newest;
        assertEquals(36.0 / values.length, regions.distance(one, two));
        other.accept(one, MemorySegment.ofArray(new float[] {1, 1}));
        assertEquals(36.0 / values.length, regions.distance(two, one));
        other.accept(two, MemorySegment.ofArray(new float[] {1, 3}));
        assertEquals((36.0 / values.length + 2) / 2, regions.distance(two, one), 1e-12);
        Moment silent = moments.open(++frames, 0, 0);
        assertEquals(Double.POSITIVE_INFINITY, regions.distance(two, silent));
    }

    @Test
    void shouldNoticeThatOneValueHasSpoiledTheStatistics() {
        for (float outlier : new float[] {1e30f, -1e10f, 1e6f}) {
            region = regions.renew(region, region.targetSource());
            begin(10, outlier);
            feedOrdinary(53 + 63);
            assertFalse(region.spoiled(), "outlier=" + outlier);
            feedOrdinary(1);
            assertTrue(region.spoiled(), "outlier=" + outlier);
        }
    }

    @Test
    void shouldNoticeItAlsoAfterTheLastRefinement() {
        feedOrdinary(1000);
        float[] far = new float[TOKENS * DIM];
        Arrays.fill(far, 5 + 2 * 9_000); // still taken for one of this teacher's
        accept(far);
        feedOrdinary(23);
        assertTrue(region.standardizer().frozen());
        assertFalse(region.spoiled());
        feedOrdinary(64);
        assertTrue(region.spoiled());
    }

    @Test
    void shouldLeaveOrdinaryStatisticsAlone() {
        feedOrdinary(1200);
        assertFalse(region.spoiled());
    }

    /** A still picture gives the same features for ever: that is no value far off. */
    @Test
    void shouldNotTakeATeacherThatAlwaysSaysTheSameForASpoiledOne() {
        float[] same = new float[TOKENS * DIM];
        Arrays.fill(same, 7);
        for (int i = 0; i < 200; i++) {
            accept(same);
        }
        assertFalse(region.spoiled());
    }

    @Test
    void shouldNotTakeAQuietSceneForSpoiledStatistics() {
        feedOrdinary(1024 + 64);
        float[] same = new float[TOKENS * DIM];
        for (int i = 0; i < 200; i++) {
            accept(same);
        }
        assertFalse(region.spoiled());
    }

    @Test
    void shouldClipOnlyWhatHasAnUnknownScale() {
        feedOrdinary(64);
        feed(5 + 2 * 50);
        assertTrue(z() > 30, "z=" + z());
        region.scaleKnown(false);
        feed(5 + 2 * 50);
        assertEquals(8, z());
        feed(5 - 2 * 50);
        assertEquals(-8, z());
    }

    @Test
    void shouldNotClipBeforeThereIsAScale() {
        region.scaleKnown(false);
        feed(500);
        assertEquals(500, z());
    }

    private float z() {
        return region.targets().at(newest).getAtIndex(ValueLayout.JAVA_FLOAT, 0);
    }
}
