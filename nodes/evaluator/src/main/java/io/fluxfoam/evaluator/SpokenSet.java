package io.fluxfoam.evaluator;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.counters.Counters;
import io.fluxfoam.counters.Gauge;
import io.fluxfoam.distill.EarKind;
import io.fluxfoam.distill.LoopCounters;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the student's utterances of one set earned, by each ear, and what a parrot's would; and
 * where others can see that. A set is told by the speech teacher's model while an ear lives that
 * has heard enough, else by the spectrogram.
 */
final class SpokenSet {
    private final Map<EarKind, SpokenScores> scores = new EnumMap<>(EarKind.class);
    private final NewestMean error = new NewestMean();
    private final NewestMean parrotSpoken = new NewestMean();
    private final NewestMean parrotError = new NewestMean();
    private final Gauge spoken;
    private final Gauge spokenOfAll;
    private final Gauge spokenExactly;
    private final Gauge spokenError;
    private final Gauge spokenOfParrot;
    private final Gauge errorOfParrot;
    private final Counter ear;

    /**
     * @param which the set, as its counters have it
     */
    SpokenSet(Counters counters, String which) {
        spoken = counters.gauge(LoopCounters.HELD_OUT_SET_SPOKEN.of(which));
        spokenOfAll = counters.gauge(LoopCounters.HELD_OUT_SET_SPOKEN_OF_ALL.of(which));
        spokenExactly = counters.gauge(LoopCounters.HELD_OUT_SET_SPOKEN_EXACTLY.of(which));
        spokenError = counters.gauge(LoopCounters.HELD_OUT_SET_SPOKEN_ERROR.of(which));
        spokenOfParrot = counters.gauge(LoopCounters.HELD_OUT_SET_PARROT_SPOKEN.of(which));
        errorOfParrot = counters.gauge(LoopCounters.HELD_OUT_SET_PARROT_ERROR.of(which));
        ear = counters.counter(LoopCounters.HELD_OUT_SET_EAR.of(which));
        for (EarKind kind : EarKind.values()) {
            scores.put(kind, new SpokenScores());
        }
    }

    /** What an ear found. */
    SpokenScores by(EarKind kind) {
        return scores.computeIfAbsent(kind, one -> new SpokenScores());
    }

    /**
     * Counts the spectrogram of an utterance.
     *
     * @param ofStudent its squared error
     * @param parrotCredit what the parrot's earned among the set's captions
     * @param ofParrot the parrot's squared error
     */
    void error(double ofStudent, double parrotCredit, double ofParrot) {
        error.add(ofStudent);
        parrotSpoken.add(parrotCredit);
        parrotError.add(ofParrot);
    }

    /**
     * Shows the figures.
     *
     * @param hasEar whether an ear lives
     */
    void show(boolean hasEar) {
        EarKind kind = kind(hasEar);
        SpokenScores of = by(kind);
        spoken.set(of.spoken());
        spokenOfAll.set(of.spokenOfAll());
        spokenExactly.set(of.spokenExactly());
        spokenError.set(error.get());
        spokenOfParrot.set(parrotSpoken.get());
        errorOfParrot.set(parrotError.get());
        ear.set(kind.ordinal());
    }

    private EarKind kind(boolean hasEar) {
        boolean hasHeard = !Double.isNaN(by(EarKind.SPEECH).spoken());
        return hasEar && hasHeard ? EarKind.SPEECH : EarKind.SPECTROGRAM;
    }

    /** Says that the sensor no longer has the set. */
    void end() {
        for (Gauge gauge :
                new Gauge[] {
                    spoken, spokenOfAll, spokenExactly, spokenError, spokenOfParrot, errorOfParrot
                }) {
            gauge.set(Double.NaN);
        }
    }

    /** The figures as facts for the journal. */
    Map<String, Object> facts(boolean hasEar) {
        EarKind kind = kind(hasEar);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("by", kind.text());
        facts.put("spoken", by(kind).spoken());
        facts.put("spokenOfAll", by(kind).spokenOfAll());
        facts.put("spokenExactly", by(kind).spokenExactly());
        facts.put("spokenError", error.get());
        facts.put("parrotSpoken", parrotSpoken.get());
        facts.put("parrotError", parrotError.get());
        return facts;
    }
}
