package io.fluxfoam.coordinator.status;

import io.fluxfoam.counters.CounterSpec;
import io.fluxfoam.distill.EarKind;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.distill.SetKey;
import io.fluxfoam.distill.TeacherState;
import io.fluxfoam.distill.VerdictCause;
import io.fluxfoam.liveness.Names;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
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
                    LoopCounters.TEACHER_REFUSED,
                    LoopCounters.CENTRED_COSINE,
                    LoopCounters.UNEXPLAINED_VARIANCE,
                    LoopCounters.CONSTANT_PREDICTOR,
                    LoopCounters.TEACHER_STATE);

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
                    counter.which(label).filter(Names::isNode).ifPresent(teachers::add);
                }
            }
        }
        return teachers;
    }

    /**
     * Where a teacher stands with the evaluator whose counters these are; null if it says nothing.
     */
    @Nullable String state(String teacher) {
        Long ordinal = count(LoopCounters.TEACHER_STATE.of(teacher));
        TeacherState state = ordinal == null ? null : TeacherState.of(ordinal);
        return state == null ? null : state.text();
    }

    /** What that rests on. */
    @Nullable String verdict(String teacher) {
        Long ordinal = count(LoopCounters.TEACHER_CAUSE.of(teacher));
        VerdictCause cause = ordinal == null ? null : VerdictCause.of(ordinal);
        return cause == null ? null : cause.text();
    }

    /** The held-out sets that the sensor has now, by their sources. */
    List<SetStatus> heldOutSets() {
        List<SetStatus> sets = new ArrayList<>();
        for (String label : values.keySet()) {
            LoopCounters.HELD_OUT_SET_CANDIDATES
                    .which(label)
                    .flatMap(SetKey::parse)
                    .map(this::heldOutSet)
                    .filter(set -> set.candidates() != null && set.candidates() > 0)
                    .ifPresent(sets::add);
        }
        sets.sort(Comparator.comparing(SetStatus::world));
        return sets;
    }

    private SetStatus heldOutSet(SetKey key) {
        String which = key.text();
        return new SetStatus(
                key.name(),
                "world " + key.world(),
                count(LoopCounters.HELD_OUT_SET_CANDIDATES.of(which)),
                number(LoopCounters.HELD_OUT_SET_CHANCE.of(which)),
                number(LoopCounters.HELD_OUT_SET_BOTH.of(which)),
                number(LoopCounters.HELD_OUT_SET_PICTURE.of(which)),
                number(LoopCounters.HELD_OUT_SET_SOUND.of(which)),
                count(LoopCounters.HELD_OUT_SET_FRAMES.of(which)),
                key.kind().text(),
                number(LoopCounters.HELD_OUT_SET_NEIGHBOUR_GREY.of(which)),
                number(LoopCounters.HELD_OUT_SET_NEIGHBOUR_COLOUR.of(which)),
                key.world(),
                number(LoopCounters.HELD_OUT_SET_SPOKEN.of(which)),
                number(LoopCounters.HELD_OUT_SET_SPOKEN_OF_ALL.of(which)),
                number(LoopCounters.HELD_OUT_SET_SPOKEN_EXACTLY.of(which)),
                ear(which),
                number(LoopCounters.HELD_OUT_SET_SPOKEN_ERROR.of(which)),
                number(LoopCounters.HELD_OUT_SET_PARROT_SPOKEN.of(which)),
                number(LoopCounters.HELD_OUT_SET_PARROT_ERROR.of(which)));
    }

    /** Who heard the set's utterances; null if there are none yet. */
    private @Nullable String ear(String which) {
        Long ordinal = count(LoopCounters.HELD_OUT_SET_EAR.of(which));
        boolean hasHeard = number(LoopCounters.HELD_OUT_SET_SPOKEN.of(which)) != null;
        EarKind kind = ordinal == null || !hasHeard ? null : EarKind.of(ordinal);
        return kind == null ? null : kind.text();
    }
}
