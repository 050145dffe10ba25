package io.fluxfoam.student.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A wider student computes what the narrow one did, goes on from there, and uses what it has got.
 */
class StudentGrowthTest {
    private static final int BATCH = 8;
    private static final Width NARROW = Width.parse("0.25");
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
            made.add(new StudentNet.Term(targets, made.isEmpty() ? 2 : 1));
        }
        return made;
    }

    private void fill(MemorySegment floats, double scale) {
        for (long i = 0; i < floats.byteSize() / Float.BYTES; i++) {
            floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (random.nextGaussian() * scale));
        }
    }

    private StudentNet trained(Width width, int steps) {
        StudentNet net = new StudentNet(arena, 1, AdamW.DEFAULT, width);
        for (int i = 0; i < REGIONS.size(); i++) {
            net.addHead(REGIONS.get(i), ALIGNMENTS.get(i));
        }
        for (int step = 0; step < steps; step++) {
            assertTrue(net.step(batch, terms).applied());
        }
        return net;
    }

    private float[] prediction(StudentNet net, Region region) {
        MemorySegment out = arena.allocate((long) region.length() * Float.BYTES, 64);
        net.predict(OneRow.of(arena, batch, 3), Map.of(region.name(), out), null, null);
        return out.toArray(ValueLayout.JAVA_FLOAT);
    }

    private void assertSame(StudentNet one, StudentNet other) {
        for (Region region : REGIONS) {
            float[] expected = prediction(one, region);
            double largest = 1;
            for (float value : expected) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertArrayEquals(
                    expected, prediction(other, region), (float) (1e-5 * largest), region.name());
        }
    }

    @Test
    void shouldComputeTheSameThroughManyGrowths() {
        SplittableRandom widths = new SplittableRandom(3);
        for (int chain = 0; chain < 4; chain++) {
            StudentNet first = trained(new Width(1 + widths.nextInt(3)), 5);
            StudentNet net = first;
            while (net.width().eighths() < 12) {
                Width wider = new Width(net.width().eighths() + 1 + widths.nextInt(4));
                net = net.widened(arena, wider);
                assertEquals(wider, net.width());
            }
            assertSame(first, net);
            double loss = first.step(batch, terms).loss();
            assertEquals(
                    loss, net.step(batch, terms).loss(), 1e-5 * Math.abs(loss), "in training too");
        }
    }

    @Test
    void shouldHaveTheParametersOfItsWidth() {
        StudentNet wider = trained(NARROW, 1).widened(arena, Width.PACKAGED);
        assertEquals(trained(Width.PACKAGED, 0).parameterCount(), wider.parameterCount());
        assertTrue(wider.parameterCount() > 8 * trained(NARROW, 0).parameterCount());
    }

    @Test
    void shouldGoOnFromWhereTheNarrowOneWas() {
        assertGoesOn(terms.subList(0, 3), 1.05);
        assertGoesOn(terms, 1.1); // an utterance is learned in larger steps
    }

    private void assertGoesOn(List<StudentNet.Term> learned, double most) {
        StudentNet narrow = trained(NARROW, 60);
        StudentNet wider = narrow.widened(arena, new Width(3));
        for (int i = 0; i < wider.groups().size(); i++) {
            assertEquals(60, wider.groups().get(i).step());
        }
        double before = narrow.step(batch, learned).distance();
        double worst = 0;
        for (int step = 0; step < 20; step++) {
            worst = Math.max(worst, wider.step(batch, learned).distance());
        }
        assertTrue(worst <= most * before, "before=" + before + " worst=" + worst);
    }

    /** What reads a new channel learns in the first step, what the channel reads in the second. */
    @Test
    void shouldUseEveryNewWeight() {
        StudentNet narrow = trained(NARROW, 10);
        StudentNet wider = narrow.widened(arena, new Width(4));
        List<float[]> born =
                wider.groups().stream()
                        .map(group -> group.values().toArray(ValueLayout.JAVA_FLOAT))
                        .toList();
        for (int step = 0; step < 8; step++) {
            assertTrue(wider.step(batch, terms).applied());
        }
        for (int g = 0; g < born.size(); g++) {
            float[] now = wider.groups().get(g).values().toArray(ValueLayout.JAVA_FLOAT);
            MemorySegment moments = wider.groups().get(g).firstMoments();
            int idle = 0;
            for (int i = 0; i < now.length; i++) {
                boolean hasGradient = moments.getAtIndex(ValueLayout.JAVA_FLOAT, i) != 0;
                idle += now[i] == born.get(g)[i] || !hasGradient ? 1 : 0;
            }
            // A channel that its ReLU keeps shut for all of so few moments gets none.
            assertTrue(
                    idle <= now.length / 20,
                    wider.groups().get(g).name() + " idle=" + idle + " of " + now.length);
        }
    }

    @Test
    void shouldLearnByHeartWhatIsTooMuchForTheNarrowOne() {
        StudentNet narrow = trained(new Width(1), 150);
        StudentNet wider = narrow.widened(arena, new Width(4));
        double own = 0;
        double others = 0;
        for (int step = 0; step < 60; step++) {
            others = narrow.step(batch, terms).distance();
            own = wider.step(batch, terms).distance();
        }
        assertTrue(own < .8 * others, "narrow=" + others + " wider=" + own);
    }

    @Test
    void shouldNotTouchTheNarrowOne() {
        StudentNet narrow = trained(NARROW, 5);
        float[] before = prediction(narrow, REGIONS.get(2));
        StudentNet wider = narrow.widened(arena, Width.PACKAGED);
        wider.step(batch, terms);
        assertArrayEquals(before, prediction(narrow, REGIONS.get(2)));
        assertEquals(5, narrow.groups().get(0).step());
    }

    @Test
    void shouldBeFarFromItsTargetsByNothingWhenItIsPerfect() {
        StudentNet net = trained(NARROW, 0);
        double first = net.step(batch, terms).distance();
        double last = first;
        for (int step = 0; step < 200; step++) {
            last = net.step(batch, terms).distance();
        }
        assertTrue(last >= 0 && last < .6 * first, "first=" + first + " last=" + last);
    }

    @Test
    void shouldOnlyBecomeWider() {
        StudentNet net = trained(NARROW, 0);
        assertThrows(IllegalArgumentException.class, () -> net.widened(arena, NARROW));
        assertThrows(IllegalArgumentException.class, () -> net.widened(arena, new Width(1)));
    }
}
