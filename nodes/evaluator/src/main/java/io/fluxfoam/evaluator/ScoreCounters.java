package io.fluxfoam.evaluator;

import io.fluxfoam.counters.Counters;
import io.fluxfoam.counters.Gauge;
import io.fluxfoam.distill.LoopCounters;

import java.util.LinkedHashMap;
import java.util.Map;

/** Figures of one teacher's region where others can see them, under {@code teacher.NAME.}. */
final class ScoreCounters {
    private final Gauge centredCosine;
    private final Gauge unexplainedVariance;
    private final Gauge constantPredictor;

    ScoreCounters(Counters counters, String teacher) {
        centredCosine = counters.gauge(LoopCounters.CENTRED_COSINE.of(teacher));
        unexplainedVariance = counters.gauge(LoopCounters.UNEXPLAINED_VARIANCE.of(teacher));
        constantPredictor = counters.gauge(LoopCounters.CONSTANT_PREDICTOR.of(teacher));
    }

    void show(RegionScore score) {
        centredCosine.set(score.centredCosine());
        unexplainedVariance.set(score.unexplainedVariance());
        constantPredictor.set(score.constantPredictor());
    }

    /** The figures as facts for the journal. */
    static Map<String, Object> facts(RegionScore score) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("centredCosine", score.centredCosine());
        facts.put("unexplainedVariance", score.unexplainedVariance());
        facts.put("constantPredictor", score.constantPredictor());
        facts.put("frames", score.frames());
        return facts;
    }
}
