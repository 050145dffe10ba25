package io.fluxfoam.evaluator.gold;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.JudgeReliability;
import io.fluxfoam.distill.Routing;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * The best of four is chosen again and again by what six evaluators say of seven axes. On each axis
 * one of them sees well, the others see little and are biased; who it is changes half-way. One
 * round in ten the truth becomes known, of what was asked and of one other evaluator that was asked
 * for this alone.
 */
class RoutingSimulationTest {
    private static final int EVALUATORS = 6;
    private static final int CANDIDATES = 4;
    private static final int ROUNDS = 20_000;
    private static final double[] AXES = {.25, .15, .15, .15, .15, .10, .05};
    private static final double GOLD = .1;

    /** Rounds in which the truth becomes known after which the change must have been found. */
    private static final int RECOVERED_AFTER = 300;

    /** Six evaluators of one axis. */
    private static final class Axis {
        private final double[] bias = new double[EVALUATORS];
        private final double[] noise = new double[EVALUATORS];
        private final Map<String, Reliability> known = new TreeMap<>();

        private Axis(Random random) {
            for (int e = 0; e < EVALUATORS; e++) {
                known.put("evaluator-" + e, new Reliability());
            }
            calibrate(random);
        }

        /** Another one sees well from now on. */
        private void calibrate(Random random) {
            int best = random.nextInt(EVALUATORS);
            for (int e = 0; e < EVALUATORS; e++) {
                bias[e] = e == best ? 0 : .3 * (2 * random.nextDouble() - 1);
                noise[e] = e == best ? .05 : .4;
            }
        }

        private double says(String evaluator, double truth, Random random) {
            int e = evaluator.charAt(evaluator.length() - 1) - '0';
            double said = truth + bias[e] + noise[e] * random.nextGaussian();
            return Math.clamp(said, 0, 1);
        }

        private List<String> asked() {
            Map<String, Double> means = new TreeMap<>();
            known.forEach((name, one) -> means.put(name, one.mean(JudgeReliability.UNKNOWN)));
            return Routing.asked(means);
        }
    }

    private final Random random = new Random();
    private Axis[] axes;
    private double routed;
    private double oracle;
    private double uniform;
    private double blind;
    private long calls;
    private int rounds;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldChooseNearlyAsWellAsTheTruthAtASixthOfTheCalls(long seed) {
        random.setSeed(seed);
        axes = new Axis[AXES.length];
        Arrays.setAll(axes, _ -> new Axis(random));
        int golds = 0;
        for (int round = 0; round < ROUNDS; round++) {
            if (round == ROUNDS / 2) {
                for (Axis axis : axes) {
                    axis.calibrate(random);
                }
                golds = 0;
            }
            boolean isGold = random.nextDouble() < GOLD;
            golds += isGold ? 1 : 0;
            round(isGold, golds > RECOVERED_AFTER);
        }
        String figures =
                String.format(
                        Locale.ROOT,
                        "seed=%d routed=%.3f oracle=%.3f uniform=%.3f blind=%.3f calls=%.3f",
                        seed,
                        routed / rounds,
                        oracle / rounds,
                        uniform / rounds,
                        blind / rounds,
                        calls / callsOfAll());
        System.out.println(figures);
        assertTrue(routed >= .95 * oracle, figures);
        assertTrue((routed - blind) >= .9 * (oracle - blind), figures);
        assertTrue((routed - uniform) > 0, figures);
        assertTrue(calls / callsOfAll() < 1.2 / EVALUATORS, figures);
    }

    private double callsOfAll() {
        return (double) rounds * EVALUATORS * AXES.length * CANDIDATES;
    }

    private void round(boolean isGold, boolean isSettled) {
        double[] truth = new double[CANDIDATES];
        double[] byRoute = new double[CANDIDATES];
        double[] byAll = new double[CANDIDATES];
        for (int a = 0; a < AXES.length; a++) {
            List<String> asked = axes[a].asked();
            String other = "evaluator-" + random.nextInt(EVALUATORS);
            for (int c = 0; c < CANDIDATES; c++) {
                double value = random.nextDouble();
                truth[c] += AXES[a] * value;
                double sum = 0;
                for (String evaluator : asked) {
                    double said = axes[a].says(evaluator, value, random);
                    sum += said;
                    learn(axes[a], evaluator, said, value, isGold);
                }
                byRoute[c] += AXES[a] * sum / Math.max(1, asked.size());
                if (isGold && !asked.contains(other)) {
                    learn(axes[a], other, axes[a].says(other, value, random), value, true);
                    calls += isSettled ? 1 : 0;
                }
                calls += isSettled ? asked.size() : 0;
                double all = 0;
                for (String evaluator : axes[a].known.keySet()) {
                    all += axes[a].says(evaluator, value, random);
                }
                byAll[c] += AXES[a] * all / EVALUATORS;
            }
        }
        if (isSettled) {
            rounds++;
            routed += truth[best(byRoute)];
            oracle += truth[best(truth)];
            uniform += truth[best(byAll)];
            blind += truth[random.nextInt(CANDIDATES)];
        }
    }

    private static void learn(
            Axis axis, String evaluator, double said, double truth, boolean isGold) {
        if (isGold) {
            axis.known.get(evaluator).learn(1 - Math.abs(said - truth));
        }
    }

    private static int best(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }
}
