package io.fluxfoam.evaluator;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.counters.Counters;
import io.fluxfoam.counters.Gauge;
import io.fluxfoam.distill.LoopCounters;

import java.util.LinkedHashMap;
import java.util.Map;

/** Retrieval over one set of the scenes' sentences where others can see it. */
final class RetrievalCounters {
    private final Gauge top1;
    private final Counter candidates;
    private final Gauge chance;
    private final Counter frames;

    RetrievalCounters(Counters counters, String set) {
        top1 = counters.gauge(LoopCounters.TOP1.of(set));
        candidates = counters.counter(LoopCounters.SET_CANDIDATES.of(set));
        chance = counters.gauge(LoopCounters.CHANCE.of(set));
        frames = counters.counter(LoopCounters.SET_FRAMES.of(set));
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
