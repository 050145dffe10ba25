package io.fluxfoam.learn;

import com.fasterxml.jackson.annotation.JsonIgnore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one arm did, over seeds.
 *
 * @param bytes beside the net and its optimizer
 * @param cpuSeconds that it took for one seed, mean
 * @param steps of the optimizer for one seed, mean
 * @param learningRate chosen on a seed that is not reported
 * @param strength of what only this arm has, chosen likewise
 * @param minusReference seed by seed, less the reference arm's; null if that did not run
 * @param curve mean over seeds
 * @param details means over seeds
 */
record ArmResult(
        String name,
        double mean,
        double low,
        double high,
        List<Double> perSeed,
        long bytes,
        double cpuSeconds,
        double steps,
        double learningRate,
        double strength,
        SeedInterval minusReference,
        List<Double> curve,
        Map<String, Double> details) {
    static ArmResult of(String name, double learningRate, double strength, List<LearnRun> runs) {
        double[] figures = runs.stream().mapToDouble(LearnRun::figure).toArray();
        SeedInterval interval = SeedInterval.of(figures);
        List<Double> curve = new ArrayList<>();
        for (int i = 0; i < runs.getFirst().curve().size(); i++) {
            int point = i;
            curve.add(runs.stream().mapToDouble(run -> run.curve().get(point)).average().orElse(0));
        }
        Map<String, Double> details = new LinkedHashMap<>();
        runs.getFirst()
                .details()
                .keySet()
                .forEach(key ->
                        details.put(
                                key,
                                runs.stream()
                                        .mapToDouble(run -> run.details().get(key))
                                        .average()
                                        .orElse(0)));
        return new ArmResult(
                name,
                interval.mean(),
                interval.low(),
                interval.high(),
                runs.stream().map(LearnRun::figure).toList(),
                runs.getFirst().bytes(),
                runs.stream().mapToDouble(LearnRun::cpuSeconds).average().orElse(0),
                runs.stream().mapToDouble(LearnRun::steps).average().orElse(0),
                learningRate,
                strength,
                null,
                curve,
                details);
    }

    ArmResult beside(ArmResult reference) {
        return new ArmResult(
                name,
                mean,
                low,
                high,
                perSeed,
                bytes,
                cpuSeconds,
                steps,
                learningRate,
                strength,
                SeedInterval.paired(figures(), reference.figures()),
                curve,
                details);
    }

    @JsonIgnore
    private double[] figures() {
        return perSeed.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
