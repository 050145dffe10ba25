package io.fluxfoam.evaluator;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.counters.Counters;
import io.fluxfoam.counters.Gauge;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One figure of retrieval where others can see it: {@code NAME.top1}, {@code .candidates}, {@code
 * .chance}, {@code .frames}.
 */
final class RetrievalCounters {
    private final Gauge top1;
    private final Counter candidates;
    private final Gauge chance;
    private final Counter frames;

    RetrievalCounters(Counters counters, String name) {
        top1 = counters.gauge(name + ".top1");
        candidates = counters.counter(name + ".candidates");
        chance = counters.gauge(name + ".chance");
        frames = counters.counter(name + ".frames");
    }

    void show(Retrieval retrieval) {
        top1.set(retrieval.top1());
        candidates.set(retrieval.candidates());
        chance.set(retrieval.chance());
        frames.set(retrieval.frames());
    }

    /** The figure as facts for the journal. */
    static Map<String, Object> facts(Retrieval retrieval) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("top1", retrieval.top1());
        facts.put("candidates", retrieval.candidates());
        facts.put("chance", retrieval.chance());
        facts.put("frames", retrieval.frames());
        return facts;
    }
}
