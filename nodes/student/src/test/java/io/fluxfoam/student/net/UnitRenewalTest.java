package io.fluxfoam.student.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.Width;
import io.fluxfoam.student.Scenery;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Units of the student begin anew without a word of what it says being another. */
class UnitRenewalTest {
    private static final int BATCH = 4;
    private static final int MATURITY = 6;
    private static final Width NARROW = Width.parse("0.25");
    private static final AdamW RESISTING = new AdamW(2e-3, .01, 30, Viscosity.v2(30, 2e-3, true));

    /** A fifth of the units of each layer, as soon as they are old enough. */
    private static final UnitRenewal.Settings OFTEN = new UnitRenewal.Settings(.2, MATURITY);

    private static final List<Alignment> ALIGNMENTS =
            List.of(Alignment.PICTURE, Alignment.SOUND, Alignment.NONE, Alignment.SPEECH);
    private static final List<Region> REGIONS =
            HeatmapLayout.EMPTY
                    .append("vision", 40, 12)
                    .append("hearing", 23, 9)
                    .append("language", 1, 48)
                    .append("voice", 21, 7)
                    .regions();

    private final Arena arena = Arena.ofShared();
    private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(11);
    private final Batch batch = batch();
    private final List<StudentNet.Term> terms = terms();

    @AfterEach
    void free() {
        arena.close();
    }

    private Batch batch() {
        Batch made = new Batch(arena, Scenery.SHAPE, BATCH);
        for (int row = 0; row < BATCH; row++) {
            fill(made.sound(row), .1);
            fill(made.window(row), 1);
            fill(made.sight(row), 1);
        }
        return made;
    }

    private List<StudentNet.Term> terms() {
        List<StudentNet.Term> made = new ArrayList<>();
        for (Region region : REGIONS) {
            Batch.Targets targets = new Batch.Targets(arena, region, BATCH);
            targets.clear();
            for (int row = 0; row < BATCH; row++) {
                fill(targets.include(row), 1);
            }
            made.add(new StudentNet.Term(targets, 1));
        }
        return made;
    }

    private void fill(MemorySegment floats, double scale) {
        for (long i = 0; i < floats.byteSize() / Float.BYTES; i++) {
            floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (random.nextGaussian() * scale));
        }
    }

    private StudentNet trained(AdamW optimizer, UnitRenewal.Settings renewing, int steps) {
        StudentNet net = new StudentNet(arena, 1, optimizer, NARROW, CorePlan.POOLED, renewing);
        for (int i = 0; i < REGIONS.size(); i++) {
            net.addHead(REGIONS.get(i), ALIGNMENTS.get(i));
        }
        train(net, steps);
        return net;
    }

    private void train(StudentNet net, int steps) {
        for (int step = 0; step < steps; step++) {
            assertTrue(net.step(batch, terms).applied());
        }
    }

    private List<float[]> predictions(StudentNet net) {
        List<float[]> all = new ArrayList<>();
        for (Region region : REGIONS) {
            MemorySegment out = arena.allocate((long) region.length() * Float.BYTES, 64);
            net.predict(OneRow.of(arena, batch, 1), Map.of(region.name(), out), null, null);
            all.add(out.toArray(ValueLayout.JAVA_FLOAT));
        }
        return all;
    }

    private static void assertSame(List<float[]> expected, List<float[]> actual) {
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i), REGIONS.get(i).name());
        }
    }

    private static List<UnitRenewal.Units> layers(StudentNet net) {
        return StudentUnits.of(net.groups().getFirst(), List::of);
    }

    /** Units that have just begun anew, for each layer. */
    private static Map<String, List<Integer>> young(StudentNet net) {
        MemorySegment state = net.renewal().state();
        Map<String, List<Integer>> young = new TreeMap<>();
        int at = net.renewal().units();
        for (UnitRenewal.Units units : layers(net)) {
            young.put(units.layer(), new ArrayList<>());
            long count = new UnitWeights(units.group(), units.makers().getFirst()).outputs();
            for (int unit = 0; unit < count; unit++, at++) {
                if (state.getAtIndex(ValueLayout.JAVA_FLOAT, at) == 0) {
                    young.get(units.layer()).add(unit);
                }
            }
        }
        return young;
    }

    /** So whatever makes a unit that begins anew, nobody reads it: in no layer, by no head. */
    @Test
    void shouldSayTheSameWhateverNewUnitsAreMadeOf() {
        StudentNet net = trained(AdamW.DEFAULT, OFTEN, MATURITY);
        assertEquals(0, net.renewal().renewed());
        train(net, 1);
        Map<String, List<Integer>> young = young(net);
        assertEquals(15, young.size());
        assertTrue(young.values().stream().noneMatch(List::isEmpty), young::toString);
        assertEquals(young.values().stream().mapToInt(List::size).sum(), net.renewal().renewed());
        List<float[]> before = predictions(net);
        for (UnitRenewal.Units units : layers(net)) {
            for (int unit : young.get(units.layer())) {
                for (String maker : units.makers()) {
                    new UnitWeights(units.group(), maker)
                            .renew(unit, new SplittableRandom(unit + 77));
                }
            }
        }
        assertSame(before, predictions(net));
        StudentNet twin = trained(AdamW.DEFAULT, OFTEN, MATURITY + 1);
        assertEquals(
                twin.step(batch, terms).loss(), net.step(batch, terms).loss(), "in training too");
    }

    @Test
    void shouldMakeThemOfNewWeightsThatTheOptimizerKnowsNothingOf() {
        UnitRenewal.Settings never = new UnitRenewal.Settings(1e-12, MATURITY);
        StudentNet old = trained(RESISTING, never, MATURITY + 1);
        StudentNet net = trained(RESISTING, OFTEN, MATURITY + 1);
        ParameterGroup trunk = net.groups().getFirst();
        int unit = young(net).get("sound.2").getFirst();
        ParameterGroup.Place place = trunk.place("sound.2");
        long row = place.shape()[1] * place.shape()[2];
        long from = place.offset() / Float.BYTES + unit * row;
        long all = trunk.parameterCount();
        double others = 0;
        for (long i = 0; i < place.shape()[0] * row; i++) {
            others += at(trunk.secondMoments(), place.offset() / Float.BYTES + i);
        }
        assertTrue(others > 0);
        for (long i = from; i < from + row; i++) {
            assertNotEquals(at(old.groups().getFirst().values(), i), at(trunk.values(), i));
            assertEquals(at(trunk.values(), i), at(trunk.averages(), i));
            assertEquals(0, at(trunk.firstMoments(), i));
            assertTrue(at(trunk.secondMoments(), i) < others / place.shape()[0] / row);
            assertEquals(0, at(trunk.frictionBlock(), i));
            assertEquals(0, at(trunk.frictionBlock(), all + i));
            assertEquals(1, at(trunk.frictionBlock(), 2 * all + i));
        }
        assertEquals(0, at(trunk.segment("sound.2.mean"), unit));
        assertEquals(1, at(trunk.segment("sound.2.variance"), unit));
    }

    private static float at(MemorySegment floats, long index) {
        return floats.getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }

    @Test
    void shouldGoOnLearningWithWhatBeganAnew() {
        StudentNet net = trained(AdamW.DEFAULT, new UnitRenewal.Settings(.02, MATURITY), 20);
        double before = net.step(batch, terms).distance();
        train(net, 30);
        assertTrue(net.renewal().renewed() > 100, "renewed=" + net.renewal().renewed());
        double after = net.step(batch, terms).distance();
        assertTrue(after < before, "before=" + before + " after=" + after);
    }

    @Test
    void shouldBeAsOldInAWiderStudent() {
        StudentNet net = trained(AdamW.DEFAULT, OFTEN, MATURITY + 3);
        StudentNet wider = net.widened(arena, new Width(3));
        assertEquals(net.renewal().renewed(), wider.renewal().renewed());
        int at = net.renewal().units();
        int widerAt = wider.renewal().units();
        for (int i = 0; i < layers(net).size(); i++) {
            long count = outputs(net, i);
            for (int unit = 0; unit < outputs(wider, i); unit++) {
                float age = at(wider.renewal().state(), widerAt + unit);
                assertEquals(unit < count ? at(net.renewal().state(), at + unit) : 0, age);
            }
            at += (int) count;
            widerAt += (int) outputs(wider, i);
        }
        train(wider, MATURITY + 2);
        assertTrue(wider.renewal().renewed() > net.renewal().renewed());
    }

    private static long outputs(StudentNet net, int layer) {
        UnitRenewal.Units units = layers(net).get(layer);
        return new UnitWeights(units.group(), units.makers().getFirst()).outputs();
    }

    @Test
    void shouldCountUnitsThatSayNothing() {
        StudentNet net = trained(AdamW.DEFAULT, new UnitRenewal.Settings(1e-12, MATURITY), 0);
        MemorySegment shift = net.groups().getFirst().segment("sound.3.shift");
        shift.setAtIndex(ValueLayout.JAVA_FLOAT, 2, -100); // too far for any step to bring it back
        train(net, 5);
        assertEquals(0, net.renewal().dead(), "nobody is old enough");
        train(net, MATURITY);
        assertTrue(net.renewal().dead() >= 1, "dead=" + net.renewal().dead());
    }
}
