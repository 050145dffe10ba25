package io.fluxfoam.student.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.Width;
import io.fluxfoam.student.Scenery;
import io.fluxfoam.student.net.LanguagePlan.Learned;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

class LanguageCoreTest {
    private static final int BATCH = 4;
    private static final Width NARROW = new Width(2);
    private static final Region LANGUAGE =
            HeatmapLayout.EMPTY.append("language", 1, 24).regions().getFirst();

    private final Arena arena = Arena.ofShared();
    private final RandomGenerator random = new SplittableRandom(5);
    private final LanguageModel model = LanguageModel.random(3, 1);

    @AfterEach
    void free() {
        arena.close();
    }

    private StudentNet net(Learned learned, Width width) {
        LanguagePlan plan = new LanguagePlan(model, learned, arena);
        StudentNet net = new StudentNet(arena, 1, AdamW.DEFAULT, width, plan);
        net.addHead(LANGUAGE, Alignment.NONE);
        return net;
    }

    private Batch batch(int readers) {
        Batch batch = new Batch(arena, Scenery.SHAPE, BATCH);
        batch.readers(readers);
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

    private List<StudentNet.Term> terms() {
        Batch.Targets targets = new Batch.Targets(arena, LANGUAGE, BATCH);
        targets.clear();
        for (int row = 0; row < BATCH; row++) {
            fill(targets.include(row), 1);
        }
        return List.of(new StudentNet.Term(targets, 1));
    }

    private float[] prediction(StudentNet net, Batch batch, int row) {
        MemorySegment out = arena.allocate((long) LANGUAGE.length() * Float.BYTES, 64);
        net.predict(OneRow.of(arena, batch, row), Map.of(LANGUAGE.name(), out), null, null);
        return out.toArray(ValueLayout.JAVA_FLOAT);
    }

    @ParameterizedTest
    @EnumSource(Learned.class)
    void shouldLearnWhatItMayAndNothingElse(Learned learned) {
        StudentNet net = net(learned, NARROW);
        Batch batch = batch(BATCH);
        List<StudentNet.Term> terms = terms();
        double first = net.step(batch, terms).distance();
        double last = first;
        for (int step = 0; step < 40; step++) {
            StudentNet.Step done = net.step(batch, terms);
            assertTrue(done.applied());
            last = done.distance();
        }
        assertTrue(last < .5 * first, "first=" + first + " last=" + last);
        List<String> groups = net.groups().stream().map(ParameterGroup::name).toList();
        assertEquals(learned != Learned.FROZEN, groups.contains("core"), groups.toString());
        if (learned != Learned.FROZEN) {
            ParameterGroup core = net.groups().get(1);
            long all = model.weights().values().stream().mapToLong(each -> each.length).sum();
            long norms = 2L * 3 * LanguageModel.WIDTH;
            assertEquals(learned == Learned.ALL ? all : norms, core.parameterCount());
            boolean hasQuery = core.segment("0.query") != null;
            assertEquals(learned == Learned.ALL, hasQuery);
            float[] gain = core.segment("0.done.gain").toArray(ValueLayout.JAVA_FLOAT);
            assertFalse(Arrays.equals(gain, model.weights().get("0.done.gain")));
        }
    }

    /** What was not looked at sharply must not be guessed at: an empty window is no window. */
    @Test
    void shouldNotMindWhoIsWithoutAWindow() {
        StudentNet net = net(Learned.FROZEN, NARROW);
        Batch some = batch(2);
        List<StudentNet.Term> terms = terms();
        double before = net.distance(some, terms);
        for (int row = 2; row < BATCH; row++) {
            fill(some.window(row), 9);
        }
        assertEquals(before, net.distance(some, terms));
        fill(some.window(1), 9);
        assertTrue(Math.abs(before - net.distance(some, terms)) > 1e-6);
    }

    @Test
    void shouldComputeTheSameWhenItBecomesWider() {
        StudentNet net = net(Learned.NORMS, NARROW);
        Batch batch = batch(BATCH);
        List<StudentNet.Term> terms = terms();
        for (int step = 0; step < 5; step++) {
            net.step(batch, terms);
        }
        StudentNet wider = net.widened(arena, new Width(4));
        assertArrayEquals(prediction(net, batch, 1), prediction(wider, batch, 1), 1e-4f);
        assertEquals(
                net.step(batch, terms).loss(),
                wider.step(batch, terms).loss(),
                1e-4,
                "in training");
    }

    /** A layer as the paper has it, in doubles and loops. */
    @Test
    void shouldComputeALayerAsThePaperHasIt() {
        LanguageModel deep = LanguageModel.random(11, 2);
        deep.weights()
                .forEach((name, values) -> {
                    for (int i = 0;
                            i < values.length;
                            i++) { // else attention would look everywhere alike
                        values[i] += (float) (.05 * random.nextGaussian());
                    }
                });
        int tokens = 5;
        float[] x = new float[tokens * LanguageModel.WIDTH];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        boolean[] there = {true, true, false, true, true};
        double[][] expected = new ReferenceBert(deep).layers(x, there);
        float[] computed = LayersOf.model(arena, deep, x, there);
        for (int t = 0; t < tokens; t++) {
            for (int d = 0; d < LanguageModel.WIDTH; d++) {
                assertEquals(
                        expected[t][d], computed[t * LanguageModel.WIDTH + d], 1e-4, t + ", " + d);
            }
        }
    }

    /** No text comes in, and no vocabulary. */
    @Test
    void shouldHaveNoWords() {
        List<String> names = new ArrayList<>(model.weights().keySet());
        names.removeIf(name ->
                name.matches(
                        "positions|first\\.(gain|bias)|0\\.(attended|done)\\.(gain|bias)"
                                + "|0\\.(query|key|value|joined|inner|outer)(\\.bias)?"));
        assertEquals(List.of(), names);
        for (StudentNet net : List.of(net(Learned.ALL, NARROW))) {
            for (ParameterGroup group : net.groups()) {
                assertFalse(group.name().contains("word"), group.name());
            }
        }
    }
}
