package io.fluxfoam.student.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.Width;
import io.fluxfoam.student.Scenery;

import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

class StudentNetTest {
    private static final int BATCH = 6;
    private static final HeatmapLayout LAYOUT =
            HeatmapLayout.EMPTY
                    .append("vision", 40, 120)
                    .append("hearing", 23, 96)
                    .append("language", 1, 384);
    private static final Region VISION = LAYOUT.regions().get(0);
    private static final Region HEARING = LAYOUT.regions().get(1);
    private static final Region LANGUAGE = LAYOUT.regions().get(2);

    private final Arena arena = Arena.ofShared();
    private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);

    @AfterEach
    void free() {
        arena.close();
    }

    private StudentNet net(long seed) {
        StudentNet net = new StudentNet(arena, seed, AdamW.DEFAULT, Width.PACKAGED);
        net.addHead(VISION, Alignment.PICTURE);
        net.addHead(HEARING, Alignment.SOUND);
        net.addHead(LANGUAGE, Alignment.NONE);
        return net;
    }

    private Batch batch() {
        Batch batch = new Batch(arena, Scenery.SHAPE, BATCH);
        for (int row = 0; row < BATCH; row++) {
            fill(batch.sound(row), .1);
            fill(batch.window(row), 1);
            fill(batch.sight(row), 1);
        }
        return batch;
    }

    private void fill(MemorySegment floats, double scale) {
        for (long i = 0; i < floats.byteSize() / Float.BYTES; i++) {
            floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (random.nextGaussian() * scale));
        }
    }

    private StudentNet.Term term(Region region, int present) {
        Batch.Targets targets = new Batch.Targets(arena, region, BATCH);
        targets.clear();
        for (int row = 0; row < present; row++) {
            fill(targets.include(row), 1);
        }
        return new StudentNet.Term(targets, 1);
    }

    private List<StudentNet.Term> allTerms() {
        return List.of(term(VISION, BATCH), term(HEARING, BATCH), term(LANGUAGE, BATCH));
    }

    private Map<String, float[]> predictions(StudentNet net, Batch batch, Region... regions) {
        Map<String, MemorySegment> out = new HashMap<>();
        for (Region region : regions) {
            out.put(region.name(), arena.allocate((long) region.length() * Float.BYTES, 64));
        }
        net.predict(OneRow.of(arena, batch, 0), out, null, null);
        Map<String, float[]> values = new HashMap<>();
        out.forEach((name, segment) -> values.put(name, segment.toArray(ValueLayout.JAVA_FLOAT)));
        return values;
    }

    private static float[] state(ParameterGroup group) {
        float[] values = group.values().toArray(ValueLayout.JAVA_FLOAT);
        float[] moments = group.secondMoments().toArray(ValueLayout.JAVA_FLOAT);
        float[] both = Arrays.copyOf(values, values.length + moments.length);
        System.arraycopy(moments, 0, both, values.length, moments.length);
        return both;
    }

    @Test
    void shouldHaveTheParametersOfThePackagedStudent() {
        assertEquals(1_109_632, net(1).parameterCount());
    }

    @Test
    void shouldPredictEveryRegionInItsShape() {
        Map<String, float[]> predicted = predictions(net(1), batch(), VISION, HEARING, LANGUAGE);
        assertEquals(4800, predicted.get("vision").length);
        assertEquals(2208, predicted.get("hearing").length);
        assertEquals(384, predicted.get("language").length);
        for (float[] values : predicted.values()) {
            for (float value : values) {
                assertTrue(Float.isFinite(value));
            }
        }
    }

    @Test
    void shouldPredictTheSameFromTheSameSeedOnly() {
        Batch batch = batch();
        float[] one = predictions(net(1), batch, LANGUAGE).get("language");
        assertArrayEquals(one, predictions(net(1), batch, LANGUAGE).get("language"));
        assertNotEquals(one[0], predictions(net(2), batch, LANGUAGE).get("language")[0]);
    }

    @Test
    void shouldTakeRegionsOfOtherGridsThanItsOwn() {
        StudentNet net = new StudentNet(arena, 1, AdamW.DEFAULT, Width.PACKAGED);
        HeatmapLayout layout =
                HeatmapLayout.EMPTY
                        .append("coarse-columns", 10, 8)
                        .append("fine-columns", 100, 8)
                        .append("one-sound", 1, 12)
                        .append("long-sound", 150, 4)
                        .append("tokens-without-grid", 3, 5);
        List<Alignment> alignments =
                List.of(
                        Alignment.PICTURE,
                        Alignment.PICTURE,
                        Alignment.SOUND,
                        Alignment.SOUND,
                        Alignment.NONE);
        List<StudentNet.Term> terms = new ArrayList<>();
        for (int i = 0; i < alignments.size(); i++) {
            net.addHead(layout.regions().get(i), alignments.get(i));
            terms.add(term(layout.regions().get(i), 3));
        }
        Batch batch = batch();
        Map<String, float[]> predicted =
                predictions(net, batch, layout.regions().toArray(Region[]::new));
        layout.regions()
                .forEach(region ->
                        assertEquals(region.length(), predicted.get(region.name()).length));
        assertTrue(net.step(batch, terms).applied());
    }

    @Test
    void shouldLeaveOtherHeadsBitIdenticalWhenOneIsAdded() {
        StudentNet net = net(1);
        Batch batch = batch();
        net.step(batch, allTerms());
        Map<String, float[]> before = predictions(net, batch, VISION, HEARING, LANGUAGE);
        Region touch = LAYOUT.append("touch", 4, 9).regions().get(3);
        net.addHead(touch, Alignment.NONE);
        Map<String, float[]> after = predictions(net, batch, VISION, HEARING, LANGUAGE, touch);
        before.forEach((name, values) -> assertArrayEquals(values, after.get(name), name));
        List<StudentNet.Term> terms = new ArrayList<>(allTerms());
        terms.add(term(touch, BATCH));
        assertTrue(net.step(batch, terms).applied());
    }

    @Test
    void shouldFreezeTheHeadOfAMaskedRegionWithItsOptimizerState() {
        StudentNet net = net(1);
        Batch batch = batch();
        net.step(batch, allTerms());
        ParameterGroup masked = net.groups().get(2);
        assertEquals("head/hearing", masked.name());
        float[] before = state(masked);
        float[] trunkBefore = state(net.groups().get(0));
        net.step(batch, List.of(term(VISION, BATCH), term(LANGUAGE, BATCH)));
        assertArrayEquals(before, state(masked));
        assertEquals(1, masked.step());
        assertEquals(2, net.groups().get(0).step());
        assertFalse(Arrays.equals(trunkBefore, state(net.groups().get(0))));
    }

    @Test
    void shouldNotBeTouchedByAbsentTargets() {
        StudentNet one = net(3);
        StudentNet two = net(3);
        Batch batch = batch();
        StudentNet.Term half = term(HEARING, 2);
        StudentNet.Step clean = one.step(batch, List.of(half));
        half.targets().values().select(0, BATCH - 1).fill_(new Scalar(1e6));
        StudentNet.Step dirty = two.step(batch, List.of(half));
        assertEquals(clean.loss(), dirty.loss());
        assertArrayEquals(state(one.groups().get(0)), state(two.groups().get(0)));
    }

    @Test
    void shouldLearnOfAMomentThatIsNotLookedAtSharplyWhateverItsWindowHolds() {
        StudentNet one = net(3);
        StudentNet two = net(3);
        Batch batch = batch();
        batch.readers(BATCH / 2);
        Batch.Targets seen = new Batch.Targets(arena, VISION, BATCH);
        seen.clear(BATCH / 2);
        fill(seen.include(0), 1);
        List<StudentNet.Term> terms =
                List.of(new StudentNet.Term(seen, 2), term(HEARING, BATCH), term(LANGUAGE, BATCH));
        StudentNet.Step clean = one.step(batch, terms);
        assertTrue(clean.applied());
        for (int row = BATCH / 2; row < BATCH; row++) {
            fill(batch.window(row), 1e6);
        }
        assertEquals(clean.loss(), two.step(batch, terms).loss());
        for (int i = 0; i < one.groups().size(); i++) {
            assertArrayEquals(state(one.groups().get(i)), state(two.groups().get(i)));
        }
    }

    @Test
    void shouldHaveTheSameLossInAnyOrderOfTeachers() {
        Batch batch = batch();
        List<StudentNet.Term> terms = allTerms();
        double forward = net(1).step(batch, terms).loss();
        double backward = net(1).step(batch, terms.reversed()).loss();
        assertEquals(forward, backward, 1e-6 * Math.abs(forward));
    }

    @Test
    void shouldNotMoveOnATargetThatIsNotFinite() {
        StudentNet net = net(1);
        Batch batch = batch();
        net.step(batch, allTerms());
        float[] before = state(net.groups().get(0));
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.MAX_VALUE}) {
            List<StudentNet.Term> terms = allTerms();
            terms.get(1).targets().values().select(0, 0).fill_(new Scalar(bad));
            assertFalse(net.step(batch, terms).applied());
            assertArrayEquals(before, state(net.groups().get(0)));
        }
        assertTrue(net.step(batch, allTerms()).applied());
    }

    @Test
    void shouldLearnAHandfulOfMomentsByHeart() {
        StudentNet net = net(1);
        Batch batch = batch();
        List<StudentNet.Term> terms = allTerms();
        double first = net.step(batch, terms).loss();
        double last = first;
        for (int step = 0; step < 80; step++) {
            last = net.step(batch, terms).loss();
        }
        assertTrue(last < first - 2, "first=" + first + " last=" + last);
    }

    @Test
    void shouldPredictBothViewsApartAsTogether() {
        StudentNet net = net(1);
        Batch batch = batch();
        net.step(batch, allTerms());
        float[] together = predictions(net, batch, LANGUAGE).get("language");
        MemorySegment views = arena.allocate(3L * 384 * Float.BYTES, 64);
        net.predict(OneRow.of(arena, batch, 0), Map.of(), "language", views);
        float[] apart = views.toArray(ValueLayout.JAVA_FLOAT);
        for (int i = 0; i < 384; i++) {
            assertEquals(together[i], apart[i], 1e-5);
        }
        assertNotEquals(apart[0], apart[384]);
        assertNotEquals(apart[384], apart[768]);
        fill(batch.sound(0), .1);
        net.predict(OneRow.of(arena, batch, 0), Map.of(), "language", views);
        float[] otherSound = views.toArray(ValueLayout.JAVA_FLOAT);
        assertNotEquals(apart[0], otherSound[0]);
        assertEquals(apart[384], otherSound[384], 1e-6, "the picture alone must not hear");
        assertNotEquals(apart[768], otherSound[768]);
    }

    @Test
    void shouldNotLearnFromPredicting() {
        StudentNet net = net(1);
        Batch batch = batch();
        net.step(batch, allTerms());
        float[] buffers = net.groups().get(0).buffers().toArray(ValueLayout.JAVA_FLOAT);
        predictions(net, batch, VISION, HEARING, LANGUAGE);
        assertArrayEquals(buffers, net.groups().get(0).buffers().toArray(ValueLayout.JAVA_FLOAT));
    }

    @Test
    void shouldRefuseASecondHeadForARegion() {
        StudentNet net = net(1);
        assertThrows(IllegalStateException.class, () -> net.addHead(VISION, Alignment.PICTURE));
        assertThrows(IllegalArgumentException.class, () -> Alignment.parse("smell"));
        assertEquals(Alignment.SOUND, Alignment.parse("sound"));
    }
}
