package io.fluxfoam.evaluator;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.counters.Counters;
import io.fluxfoam.counters.Gauge;
import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.HoldoutKind;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.distill.SetKey;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The figures of one set of candidates where others can see them; those of the scenes' sets under
 * their own names too.
 */
final class SetCounters {
    private final Gauge both;
    private final Gauge picture;
    private final Gauge sound;
    private final Counter candidates;
    private final Gauge chance;
    private final Counter frames;
    private final Gauge neighbourGrey;
    private final Gauge neighbourColour;
    private final @Nullable RetrievalCounters sentences;
    private final @Nullable RetrievalCounters pictureOnly;

    SetCounters(Counters counters, CandidateSet set) {
        String which = SetKey.of(set).text();
        both = counters.gauge(LoopCounters.HELD_OUT_SET_BOTH.of(which));
        picture = counters.gauge(LoopCounters.HELD_OUT_SET_PICTURE.of(which));
        sound = counters.gauge(LoopCounters.HELD_OUT_SET_SOUND.of(which));
        candidates = counters.counter(LoopCounters.HELD_OUT_SET_CANDIDATES.of(which));
        chance = counters.gauge(LoopCounters.HELD_OUT_SET_CHANCE.of(which));
        frames = counters.counter(LoopCounters.HELD_OUT_SET_FRAMES.of(which));
        neighbourGrey = counters.gauge(LoopCounters.HELD_OUT_SET_NEIGHBOUR_GREY.of(which));
        neighbourColour = counters.gauge(LoopCounters.HELD_OUT_SET_NEIGHBOUR_COLOUR.of(which));
        sentences = isOfScenes(set) ? new RetrievalCounters(counters, set.name()) : null;
        pictureOnly =
                isOfScenes(set) && set.name().equals(LoopCounters.SEEN_WORDS)
                        ? new RetrievalCounters(counters, LoopCounters.PICTURE_ONLY)
                        : null;
    }

    private static boolean isOfScenes(CandidateSet set) {
        return set.kind() == HoldoutKind.SENTENCES
                && (set.name().equals(LoopCounters.SEEN_WORDS)
                        || set.name().equals(LoopCounters.UNSEEN_WORDS));
    }

    void show(SetEvaluation set) {
        SetScores scores = set.scores();
        neighbourGrey.set(set.neighbours().grey().top1());
        neighbourColour.set(set.neighbours().colour().top1());
        both.set(scores.both().top1());
        picture.set(scores.picture().top1());
        sound.set(scores.sound().top1());
        candidates.set(scores.both().candidates());
        chance.set(scores.both().chance());
        frames.set(scores.both().frames());
        if (sentences != null) {
            sentences.show(scores.both());
        }
        if (pictureOnly != null) {
            pictureOnly.show(scores.picture());
        }
    }

    /** Says that the sensor no longer has the set: its figures are of nothing. */
    void end() {
        both.set(Double.NaN);
        picture.set(Double.NaN);
        sound.set(Double.NaN);
        candidates.set(0);
        chance.set(Double.NaN);
        frames.set(0);
        neighbourGrey.set(Double.NaN);
        neighbourColour.set(Double.NaN);
    }

    /** The figures as facts for the journal, by the names of their counters. */
    static Map<String, Object> facts(SetEvaluation evaluation) {
        CandidateSet set = evaluation.set();
        SetScores scores = evaluation.scores();
        Map<String, Object> facts = new LinkedHashMap<>();
        if (isOfScenes(set)) {
            facts.put(set.name(), RetrievalCounters.facts(scores.both()));
            if (set.name().equals(LoopCounters.SEEN_WORDS)) {
                facts.put(LoopCounters.PICTURE_ONLY, RetrievalCounters.facts(scores.picture()));
            }
        }
        Map<String, Object> views = new LinkedHashMap<>();
        views.put("both", scores.both().top1());
        views.put("picture", scores.picture().top1());
        views.put("sound", scores.sound().top1());
        views.put("neighbourGrey", evaluation.neighbours().grey().top1());
        views.put("neighbourColour", evaluation.neighbours().colour().top1());
        views.put("candidates", scores.both().candidates());
        views.put("frames", scores.both().frames());
        facts.put("set." + SetKey.of(set).text(), views);
        return facts;
    }
}
