package io.fluxfoam.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One seed, equal steps: the same on every machine. */
class SplitFashionTest {
    private static final long SEED = 1;
    private static final long MEMORY = 80_000; // some 97 moments
    private static final double RATE = 1e-3;

    private static LearnRun run(SplitFashion protocol, String arm) {
        return protocol.run(plan(protocol, arm), SEED, RATE, .3);
    }

    private static ArmPlan plan(LearnProtocol protocol, String arm) {
        return protocol.arms().stream()
                .filter(plan -> plan.name().equals(arm))
                .findFirst()
                .orElseThrow();
    }

    private static SplitFashion patterns(boolean isUneven) {
        return new SplitFashion(
                Pattern28.pictures(1_500, 1),
                Pattern28.pictures(300, 2),
                new StreamPace(StreamPace.Equal.STEPS, 0),
                MEMORY,
                Integer.MAX_VALUE,
                isUneven);
    }

    @Test
    void shouldForgetWithoutAMemoryAndRememberWithOne() {
        SplitFashion protocol = patterns(false);
        double joint = run(protocol, "joint").figure();
        double adamw = run(protocol, "adamw").figure();
        double er = run(protocol, "er").figure();
        double ours = run(protocol, "ours").figure();
        double placebo = run(protocol, "placebo").figure();
        String all =
                List.of("joint", joint, "adamw", adamw, "er", er, "ours", ours, "placebo", placebo)
                        .toString();
        assertTrue(joint > .95, all);
        assertTrue(adamw < .35, all);
        assertTrue(er > adamw + .3, all);
        assertTrue(ours > adamw + .3, all);
        assertTrue(placebo < .3, all);
    }

    @Test
    void shouldTakeNoMoreMemoryThanItMay() {
        SplitFashion protocol = patterns(false);
        for (String arm : List.of("der++", "ours")) {
            LearnRun run = run(protocol, arm);
            assertTrue(run.bytes() <= MEMORY && run.bytes() > MEMORY * .98, arm + run.bytes());
        }
    }

    @Test
    void shouldBeTheSameEachTimeWhereStepsAreEqual() {
        for (String arm : List.of("ours", "si")) {
            LearnRun first = run(patterns(true), arm);
            LearnRun again = run(patterns(true), arm);
            assertEquals(first.figure(), again.figure(), arm);
            assertEquals(first.curve(), again.curve(), arm);
            assertEquals(first.steps(), again.steps(), arm);
        }
    }

    @Test
    void shouldTakeTheCpuThatItMayWhereThatIsEqual() {
        SplitFashion protocol =
                new SplitFashion(
                        Pattern28.pictures(600, 1),
                        Pattern28.pictures(100, 2),
                        new StreamPace(StreamPace.Equal.CPU, .3),
                        MEMORY,
                        Integer.MAX_VALUE,
                        false);
        LearnRun run = run(protocol, "ours");
        assertTrue(run.steps() > 0, run.toString());
        assertTrue(run.cpuSeconds() >= .3, run.toString());
    }

    @Test
    void shouldForgetAndRememberRealPictures() throws IOException {
        Path home = Path.of(System.getProperty("foam.home", "."));
        FashionMnist mnist = null;
        try {
            mnist = FashionMnist.read(FashionMnist.find(FashionMnist.places(home)));
        } catch (IOException e) {
            assumeTrue(false, e.getMessage());
        }
        SplitFashion protocol =
                new SplitFashion(
                        mnist.training(),
                        mnist.exam(),
                        new StreamPace(StreamPace.Equal.STEPS, 0),
                        800_000,
                        1_280,
                        false);
        double adamw = run(protocol, "adamw").figure();
        double ours = run(protocol, "ours").figure();
        assertTrue(adamw < .4, "adamw " + adamw);
        assertTrue(ours > .65, "ours " + ours);
    }
}
