package io.fluxfoam.evaluator;

import io.fluxfoam.distill.RegionScaling;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * How each caption sounds when its teacher reads it, and which of them something that was heard is
 * nearest to: by squared distance of spectrograms, each band in its own scale. Bounded: what was
 * not read for longest gives way.
 */
final class UtteranceGallery {
    /** 26 MB. */
    private static final int MOST = 1_024;

    private final Map<String, float[]> utterances = new LinkedHashMap<>(16, .75f, true);

    /** Keeps a caption's utterance. */
    void add(String caption, float[] spectrogram) {
        if (!utterances.containsKey(caption) && utterances.size() == MOST) {
            utterances.remove(utterances.keySet().iterator().next());
        }
        utterances.put(caption, spectrogram);
    }

    /** All captions that it knows. */
    Collection<String> captions() {
        return utterances.keySet();
    }

    /** Whether it knows each of these. */
    boolean hasAll(Collection<String> captions) {
        return utterances.keySet().containsAll(captions);
    }

    /** How far something that was heard is from each of them. */
    Nearness nearness(float[] heard, RegionScaling scaling) {
        Map<String, Double> distances = new LinkedHashMap<>();
        utterances.forEach(
                (caption, known) -> distances.put(caption, distance(heard, known, scaling)));
        return new Nearness(distances);
    }

    /**
     * The utterance of the nearest of these captions to an own one that it knows: what a parrot
     * says who has heard these and composes nothing. Null if it knows none of them.
     */
    float @Nullable [] parrot(String own, Set<String> among, RegionScaling scaling) {
        float[] wanted = utterances.get(own);
        float[] nearest = null;
        double least = Double.POSITIVE_INFINITY;
        for (Map.Entry<String, float[]> known : utterances.entrySet()) {
            if (wanted != null && among.contains(known.getKey())) {
                double distance = distance(wanted, known.getValue(), scaling);
                if (distance < least) {
                    least = distance;
                    nearest = known.getValue();
                }
            }
        }
        return nearest;
    }

    /** Mean of the squared differences, each in its scale; NaN if the lengths differ. */
    static double distance(float[] heard, float[] known, RegionScaling scaling) {
        if (heard.length != known.length) {
            return Double.NaN;
        }
        double sum = 0;
        for (int i = 0; i < heard.length; i++) {
            double difference = (heard[i] - known[i]) / scaling.scale(i % scaling.dim());
            sum += difference * difference;
        }
        return sum / heard.length;
    }
}
