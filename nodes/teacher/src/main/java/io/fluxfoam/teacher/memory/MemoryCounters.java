package io.fluxfoam.teacher.memory;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.counters.Counters;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.distill.MemoryState;

/** What a memory tells everybody of one namespace. */
public final class MemoryCounters {
    private final Counter state;
    final Counter lookups;
    final Counter hits;
    final Counter bypasses;
    final Counter checks;
    final Counter falseHits;
    final Counter lookupNanos;
    final Counter inferences;
    final Counter inferenceNanos;
    final Counter bytes;

    /** Adds them to a node's. */
    public MemoryCounters(Counters counters, String epoch) {
        state = counters.counter(LoopCounters.MEMORY_STATE.of(epoch));
        lookups = counters.counter(LoopCounters.MEMORY_LOOKUPS.of(epoch));
        hits = counters.counter(LoopCounters.MEMORY_HITS.of(epoch));
        bypasses = counters.counter(LoopCounters.MEMORY_BYPASSES.of(epoch));
        checks = counters.counter(LoopCounters.MEMORY_CHECKS.of(epoch));
        falseHits = counters.counter(LoopCounters.MEMORY_FALSE_HITS.of(epoch));
        lookupNanos = counters.counter(LoopCounters.MEMORY_LOOKUP_NANOS.of(epoch));
        inferences = counters.counter(LoopCounters.MEMORY_INFERENCES.of(epoch));
        inferenceNanos = counters.counter(LoopCounters.MEMORY_INFERENCE_NANOS.of(epoch));
        bytes = counters.counter(LoopCounters.MEMORY_BYTES.of(epoch));
    }

    void state(MemoryState now) {
        state.set(now.code());
    }
}
