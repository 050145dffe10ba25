package io.fluxfoam.learn;

import java.util.List;
import java.util.Map;

/**
 * What one arm did with one seed.
 *
 * @param figure the more the better
 * @param cpuSeconds of learning, without exams
 * @param steps of the optimizer
 * @param bytes beside the net and its optimizer
 * @param curve the figure as it went
 * @param details other figures by their names
 */
record LearnRun(
        double figure,
        double cpuSeconds,
        long steps,
        long bytes,
        List<Double> curve,
        Map<String, Double> details) {}
