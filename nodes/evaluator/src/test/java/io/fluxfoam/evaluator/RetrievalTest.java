package io.fluxfoam.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Random;

class RetrievalTest {
    private static final long SEED = 7;

    @Test
    void shouldEarnOneOnlyIfTheTruthIsNearest() {
        double[][] candidates = {{1, 0}, {0, 1}, {-1, 0}};
        assertEquals(1, Retrieval.credit(new double[] {3, 1}, candidates, 0));
        assertEquals(0, Retrieval.credit(new double[] {3, 1}, candidates, 1));
        assertEquals(1, Retrieval.credit(new double[] {-.1, 0}, candidates, 2));
    }

    @Test
    void shouldShareTies() {
        double[][] candidates = {{1, 0}, {0, 1}, {0, 2}};
        assertEquals(.5, Retrieval.credit(new double[] {0, 5}, candidates, 1));
        assertEquals(.5, Retrieval.credit(new double[] {0, 5}, candidates, 2));
    }

    @Test
    void shouldGiveTheConstantPredictorTheChance() {
        double[][] candidates = randomCandidates(60);
        Retrieval retrieval = new Retrieval(60);
        for (int i = 0; i < 120; i++) {
            retrieval.add(i % 60, Retrieval.credit(new double[8], candidates, i % 60));
        }
        assertEquals(retrieval.chance(), retrieval.top1(), 1e-12);
        assertEquals(1.0 / 60, retrieval.chance());
    }

    @Test
    void shouldGiveAPerfectPredictorAllAndAFiniteLessOneNothing() {
        double[][] candidates = randomCandidates(40);
        for (int i = 0; i < 40; i++) {
            assertEquals(1, Retrieval.credit(candidates[i], candidates, i));
            assertEquals(
                    0,
                    Retrieval.credit(
                            new double[] {Double.NaN, 1, 1, 1, 1, 1, 1, 1}, candidates, i));
        }
    }

    @Test
    void shouldSayNothingBeforeEachCandidateHasTwoRenderings() {
        Retrieval retrieval = new Retrieval(2);
        retrieval.add(0, 1);
        retrieval.add(0, 1);
        retrieval.add(0, 1);
        retrieval.add(1, 0);
        assertTrue(Double.isNaN(retrieval.top1()));
        assertEquals(3, retrieval.frames());
        retrieval.add(1, 1);
        assertEquals(.75, retrieval.top1());
        assertEquals(4, retrieval.frames());
    }

    @Test
    void shouldCoverOnlyTheLastTwoRenderings() {
        Retrieval retrieval = new Retrieval(1);
        for (double credit : new double[] {0, 0, 0, 1, 1}) {
            retrieval.add(0, credit);
        }
        assertEquals(1, retrieval.top1());
        retrieval.add(0, 0);
        assertEquals(.5, retrieval.top1());
    }

    /** As it always was: of 100 candidates all have to have their two. */
    @Test
    void shouldWaitForEachOfAHundredCandidates() {
        Retrieval retrieval = new Retrieval(100);
        for (int i = 0; i < 1_000; i++) {
            retrieval.add(i % 99, 1);
        }
        assertTrue(Double.isNaN(retrieval.top1()));
        retrieval.add(99, 1);
        retrieval.add(99, 0);
        assertEquals(.995, retrieval.top1(), 1e-12);
    }

    @Test
    void shouldCoverTheNewestFramesOfMoreCandidates() {
        Retrieval retrieval = new Retrieval(1_024);
        for (int i = 0; i < 199; i++) {
            retrieval.add(i, 0);
        }
        assertTrue(Double.isNaN(retrieval.top1()));
        retrieval.add(199, 0);
        assertEquals(0, retrieval.top1());
        for (int i = 0; i < 150; i++) {
            retrieval.add(1_023 - i, 1);
        }
        assertEquals(.75, retrieval.top1(), 1e-12, "150 of the newest 200");
        assertEquals(200, retrieval.frames());
    }

    @Test
    void shouldCountEachOfTheCoveredCandidatesTheSame() {
        Retrieval retrieval = new Retrieval(150);
        for (int i = 0; i < 100; i++) {
            retrieval.add(i % 50, 1);
            retrieval.add(50 + i, 0);
        }
        assertEquals(200, retrieval.frames());
        assertEquals(1 / 3.0, retrieval.top1(), 1e-12, "50 right twice, 100 wrong once");
    }

    @Test
    void shouldReadBackWhatItWrote() throws IOException {
        Retrieval retrieval = new Retrieval(120);
        Random random = new Random(SEED);
        for (int i = 0; i < 300; i++) {
            retrieval.add(random.nextInt(120), random.nextInt(3) / 2.0);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        retrieval.writeTo(new DataOutputStream(bytes));
        Retrieval read =
                Retrieval.readFrom(
                        new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        assertEquals(retrieval.frames(), read.frames());
        assertEquals(retrieval.top1(), read.top1());
        for (int candidate : new int[] {3, 3, 3, 77, 12}) {
            retrieval.add(candidate, .25);
            read.add(candidate, .25);
        }
        assertEquals(retrieval.top1(), read.top1(), "what gives way is the same");
    }

    @Test
    void shouldSayNothingWithoutCandidates() {
        assertTrue(Double.isNaN(new Retrieval(0).top1()));
        assertTrue(Double.isNaN(new Retrieval(0).chance()));
    }

    private static double[][] randomCandidates(int count) {
        Random random = new Random(SEED);
        double[][] candidates = new double[count][8];
        for (double[] candidate : candidates) {
            for (int i = 0; i < candidate.length; i++) {
                candidate[i] = random.nextGaussian();
            }
        }
        return candidates;
    }
}
