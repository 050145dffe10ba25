package io.fluxfoam.coordinator.status;

import io.fluxfoam.counters.CounterSpec;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.liveness.Names;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A node's counters; null where one is missing or is not there yet. */
record Figures(Map<String, Number> values) {
    private static final List<CounterSpec> OF_TEACHER =
            List.of(
                    LoopCounters.TEACHER_PRESENT,
                    LoopCounters.TEACHER_WEIGHT,
                    LoopCounters.CENTRED_COSINE,
                    LoopCounters.UNEXPLAINED_VARIANCE,
                    LoopCounters.CONSTANT_PREDICTOR);

    @Nullable Double number(CounterSpec counter) {
        Number value = values.get(counter.label());
        return value == null || !Double.isFinite(value.doubleValue())
                ? null
                : (Double) value.doubleValue();
    }

    @Nullable Long count(CounterSpec counter) {
        Number value = values.get(counter.label());
        return value == null || !Double.isFinite(value.doubleValue())
                ? null
                : (Long) value.longValue();
    }

    /** Names of the teachers that these counters or the others speak of. */
    Set<String> teachers(Figures others) {
        Set<String> teachers = new TreeSet<>();
        for (Figures figures : new Figures[] {this, others}) {
            for (String label : figures.values.keySet()) {
                for (CounterSpec counter : OF_TEACHER) {
                    counter.which(label).filter(Names::isValid).ifPresent(teachers::add);
                }
            }
        }
        return teachers;
    }
}
