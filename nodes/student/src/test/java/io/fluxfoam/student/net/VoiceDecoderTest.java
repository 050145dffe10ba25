package io.fluxfoam.student.net;

import static org.bytedeco.pytorch.global.torch.ones;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.HeadCorrection;
import io.fluxfoam.distill.HeatmapLayout;
import io.fluxfoam.distill.Region;
import io.fluxfoam.distill.Standardizer;
import io.fluxfoam.distill.Statistics;
import io.fluxfoam.distill.Width;
import io.fluxfoam.student.Scenery;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

class VoiceDecoderTest {
    private static final int BATCH = 4;
    private static final int STEPS = 80;
    private static final Width WIDTH = Width.parse("0.25");
    private static final HeatmapLayout LAYOUT =
            HeatmapLayout.EMPTY.append("vision", 40, 6).append("voice", 160, 5);
    private static final Region VISION = LAYOUT.regions().get(0);
    private static final Region VOICE = LAYOUT.regions().get(1);

    private final Arena arena = Arena.ofShared();
    private final RandomGenerator random = new SplittableRandom(7);

    @AfterEach
    void free() {
        arena.close();
    }

    private StudentNet net() {
        StudentNet net = new StudentNet(arena, 1, AdamW.DEFAULT, WIDTH);
        net.addHead(VISION, Alignment.PICTURE);
        net.addHead(VOICE, Alignment.SPEECH);
        return net;
    }

    /** Some text, another in each, and sound. */
    private Batch batch() {
        Batch batch = new Batch(arena, Scenery.SHAPE, BATCH);
        for (int row = 0; row < BATCH; row++) {
            fill(batch.sound(row), 1);
            fill(batch.sight(row), 1);
            for (int letter = 0; letter < 12; letter++) {
                draw(batch.window(row), 40 + 16 * letter, 8, 2 + random.nextInt(6));
            }
        }
        return batch;
    }

    /** A bar of so many rows and a height above the ground. */
    private static void draw(MemorySegment window, int from, int columns, float height) {
        for (int y = 20; y < 30; y++) {
            for (int x = from; x < from + columns; x++) {
                window.setAtIndex(ValueLayout.JAVA_FLOAT, y * 320L + x, height);
            }
        }
    }

    private void fill(MemorySegment floats, double scale) {
        for (long i = 0; i < floats.byteSize() / Float.BYTES; i++) {
            floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (random.nextGaussian() * scale));
        }
    }

    private StudentNet.Term term(Region region) {
        Batch.Targets targets = new Batch.Targets(arena, region, BATCH);
        targets.clear();
        for (int row = 0; row < BATCH; row++) {
            fill(targets.include(row), 1);
        }
        return new StudentNet.Term(targets, 1);
    }

    private float[] said(StudentNet net, Batch batch, int row) {
        MemorySegment out = arena.allocate((long) VOICE.length() * Float.BYTES, 64);
        net.predict(OneRow.of(arena, batch, row), Map.of("voice", out), null, null);
        return out.toArray(ValueLayout.JAVA_FLOAT);
    }

    private static ParameterGroup voice(StudentNet net) {
        return net.groups().get(2);
    }

    private static float[] floats(Tensor tensor) {
        float[] floats = new float[(int) tensor.numel()];
        MemorySegment copy = Arena.ofAuto().allocate((long) floats.length * Float.BYTES, 64);
        Torch.floats(copy, tensor.shape()).copy_(tensor);
        MemorySegment.copy(copy, ValueLayout.JAVA_FLOAT, 0, floats, 0, floats.length);
        return floats;
    }

    @Test
    void shouldMoveWhatComesLaterByTheDurationsBeforeIt() {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            VoiceDecoder decoder = new VoiceDecoder(voice(net()).learned(), 160, 5);
            Tensor even = ones(1, 40);
            Tensor longer = ones(1, 40);
            longer.narrow(1, 5, 1).fill_(new Scalar(4));
            assertEquals(3 + 40, floats(decoder.ends(even))[39], 1e-4);
            assertEquals(3 + 43, floats(decoder.ends(longer))[39], 1e-4);
            float[] before = floats(decoder.weights(even, decoder.ends(even)));
            float[] after = floats(decoder.weights(longer, decoder.ends(longer)));
            assertEquals(STEPS * 42, before.length);
            for (int step = 0; step < STEPS; step++) {
                double sum = 0;
                for (int slot = 0; slot < 42; slot++) {
                    sum += after[step * 42 + slot];
                }
                assertEquals(1, sum, 1e-4);
            }
            assertEquals(3 + 2, loudest(before, 2));
            assertEquals(3 + 2, loudest(after, 2), "what is before it stays");
            assertEquals(3 + 20, loudest(before, 20));
            assertEquals(3 + 20 + 3, loudest(after, 20), "what is behind it comes later");
            assertTrue(after[40] > .9 && after[79 * 42 + 41] > .9, "silence at both ends");
        }
    }

    /** Step at which a column has most weight. */
    private static int loudest(float[] weights, int column) {
        int best = 0;
        for (int step = 1; step < STEPS; step++) {
            best = weights[step * 42 + column] > weights[best * 42 + column] ? step : best;
        }
        return best;
    }

    @Test
    void shouldFindWhereTextBeginsAndEnds() {
        MemorySegment window = arena.allocate(48L * 320 * Float.BYTES, 64);
        fill(window, .3);
        draw(window, 20, 6, 4);
        draw(window, 100, 30, 5);
        draw(window, 200, 12, 3);
        window.setAtIndex(ValueLayout.JAVA_FLOAT, 10 * 320 + 300, 5); // one pixel is no text
        try (var _ = new PointerScope()) {
            float[] mask = floats(TextExtent.of(Torch.floats(window, 1, 1, 48, 320), 40));
            float[] expected = new float[40];
            Arrays.fill(expected, 3, 26, 1);
            expected[2] = .5f; // from 20 on, of 16 to 24
            expected[26] = .5f; // up to 212, of 208 to 216
            assertArrayEquals(expected, mask, 1e-4f);
        }
    }

    @Test
    void shouldSayTheSameWhateverItHearsAndAnotherThingOfAnotherPicture() {
        StudentNet net = net();
        Batch batch = batch();
        net.step(batch, List.of(term(VISION), term(VOICE)));
        float[] said = said(net, batch, 0);
        assertEquals(800, said.length);
        assertFalse(Arrays.equals(said, said(net, batch, 1)));
        fill(batch.sound(0), 3);
        fill(batch.sight(0), 3);
        assertArrayEquals(said, said(net, batch, 0));
    }

    @Test
    void shouldLearnToSpeakAndWhenToEnd() {
        StudentNet net = net();
        Batch batch = batch();
        Batch.Targets targets = new Batch.Targets(arena, VOICE, BATCH);
        targets.clear();
        List<StudentNet.Term> terms = List.of(new StudentNet.Term(targets, 1));
        for (int row = 0; row < BATCH; row++) {
            MemorySegment target = targets.include(row);
            for (int i = 0; i < VOICE.length(); i++) {
                int token = i / 5;
                boolean isSpeech = token >= 6 && token < 100;
                float value = isSpeech ? (float) Math.sin(token * (.1 + .05 * row)) + 1 : -1;
                target.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
            }
        }
        double first = net.step(batch, terms).loss();
        double last = first;
        for (int step = 0; step < 150; step++) {
            last = net.step(batch, terms).loss();
        }
        assertTrue(last < .3 * first, "first=" + first + " last=" + last);
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Senses senses = Trunks.of(net.groups().get(0).averaged()).senses(batch);
            VoiceDecoder decoder = new VoiceDecoder(voice(net).averaged(), 160, 5);
            Goal goal = Goal.of(terms.get(0).targets());
            VoiceDecoder.Utterance said = decoder.say(senses, false);
            double misjudged = decoder.misjudgedEnd(said, goal).item_double();
            assertEquals(50, floats(said.end())[0], 8, "speech ends at token 100 of 160");
            assertTrue(misjudged < 8, "misjudged=" + misjudged);
        }
    }

    /**
     * Four letters, each with a shape, a sound and a duration of its own: what is read aloud was
     * never seen in this order, and where its sounds belong follows from all letters before them.
     */
    @Test
    void shouldReadAloudWhatItHasNeverSeenInThisOrder() {
        StudentNet net = net();
        Batch batch = new Batch(arena, Scenery.SHAPE, BATCH);
        Batch.Targets targets = new Batch.Targets(arena, VOICE, BATCH);
        List<StudentNet.Term> terms = List.of(new StudentNet.Term(targets, 1));
        for (int step = 0; step < 300; step++) {
            spell(batch, targets, false);
            net.step(batch, terms);
        }
        double unseen = 0;
        double rounds = 5;
        for (int round = 0; round < rounds; round++) {
            spell(batch, targets, true);
            unseen += net.distance(batch, terms) / rounds;
        }
        assertTrue(unseen < .35, "unseen=" + unseen + ", who says the mean is at about 1");
    }

    /**
     * Fills a batch with words of six letters; those whose letters add up to a seventh are kept
     * back.
     */
    private void spell(Batch batch, Batch.Targets targets, boolean isUnseen) {
        targets.clear();
        for (int row = 0; row < BATCH; row++) {
            int[] word = new int[6];
            do {
                Arrays.setAll(word, letter -> random.nextInt(4));
            } while ((word[0] + 2 * word[1] + 3 * word[2] + word[3] + word[5]) % 7
                    == 0
                    != isUnseen);
            MemorySegment window = batch.window(row);
            window.fill((byte) 0);
            MemorySegment target = targets.include(row);
            for (int i = 0; i < VOICE.length(); i++) {
                target.setAtIndex(ValueLayout.JAVA_FLOAT, i, -.7f);
            }
            int token = 6;
            for (int i = 0; i < word.length; i++) {
                int letter = word[i];
                int from = 48 + 24 * i;
                draw(window, from, 4 + 4 * letter, 4);
                draw(window, from + 17, letter % 2 == 0 ? 2 : 0, 3);
                for (int end = token + 6 + 6 * letter; token < end; token++) {
                    for (int band = 0; band < 5; band++) {
                        target.setAtIndex(
                                ValueLayout.JAVA_FLOAT,
                                token * 5L + band,
                                band == letter ? 3 : -.4f);
                    }
                }
            }
        }
    }

    private static Statistics statistics(double scale) {
        Standardizer standardizer = new Standardizer(VOICE.dim());
        for (int moment = 0; moment < 64; moment++) {
            standardizer.collect(Scenery.features(moment, VOICE.length(), scale, 1));
        }
        return standardizer.statistics();
    }

    @Test
    void shouldSayTheSameInItsTeachersUnitsWhenStatisticsChange() {
        StudentNet net = net();
        Batch batch = batch();
        net.step(batch, List.of(term(VOICE)));
        Statistics old = statistics(2);
        Statistics now = statistics(5);
        float[] before = said(net, batch, 0);
        net.correct("voice", HeadCorrection.between(old, now));
        float[] after = said(net, batch, 0);
        for (int i = 0; i < before.length; i++) {
            int d = i % VOICE.dim();
            assertEquals(
                    before[i] * old.scale(d) + old.mean(d),
                    after[i] * now.scale(d) + now.mean(d),
                    1e-3);
        }
    }

    @Test
    void shouldLeaveAllOtherHeadsAsTheyWouldBeWithoutIt() {
        StudentNet with = net();
        StudentNet without = new StudentNet(arena, 1, AdamW.DEFAULT, WIDTH);
        without.addHead(VISION, Alignment.PICTURE);
        Batch batch = batch();
        StudentNet.Term vision = term(VISION);
        float[] before = voice(with).values().toArray(ValueLayout.JAVA_FLOAT);
        for (int step = 0; step < 3; step++) {
            with.step(batch, List.of(vision)); // while its teacher is gone
            without.step(batch, List.of(vision));
        }
        assertArrayEquals(before, voice(with).values().toArray(ValueLayout.JAVA_FLOAT));
        for (int group = 0; group < 2; group++) {
            assertArrayEquals(
                    without.groups().get(group).values().toArray(ValueLayout.JAVA_FLOAT),
                    with.groups().get(group).values().toArray(ValueLayout.JAVA_FLOAT));
        }
    }

    @Test
    void shouldLearnAtItsOwnRateAndPredictWithTheAverage() {
        StudentNet net = net();
        Batch batch = batch();
        List<StudentNet.Term> terms = List.of(term(VISION), term(VOICE));
        List<float[]> values = new ArrayList<>();
        float[] start = voice(net).values().toArray(ValueLayout.JAVA_FLOAT);
        double[] average = new double[start.length];
        for (int i = 0; i < start.length; i++) {
            average[i] = start[i];
        }
        for (int step = 1; step <= 12; step++) {
            net.step(batch, terms);
            values.add(voice(net).values().toArray(ValueLayout.JAVA_FLOAT));
            double share = Math.max(.005, 9 / (step + 10.0));
            for (int i = 0; i < average.length; i++) {
                average[i] += share * (values.getLast()[i] - average[i]);
            }
        }
        float[] kept = voice(net).averages().toArray(ValueLayout.JAVA_FLOAT);
        double farthest = 0;
        for (int i = 0; i < average.length; i++) {
            assertEquals(average[i], kept[i], 1e-4);
            farthest = Math.max(farthest, Math.abs(values.getFirst()[i] - start[i]));
        }
        // AdamW's first step moves each value by its rate, here a thirtieth of 2.5 times 2e-3.
        assertEquals(2.5 * 2e-3 / 30, farthest, 2e-5);
    }
}
