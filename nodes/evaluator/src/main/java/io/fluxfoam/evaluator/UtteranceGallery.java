package io.fluxfoam.evaluator;

import io.fluxfoam.distill.RegionScaling;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

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

    /**
     * What something that was heard earns: 1 if its own caption is the nearest of these, 0 if
     * another one is nearer. Ties are shared, as between captions that sound the same.
     *
     * @param among captions that it knows, the own one among them
     */
    double credit(float[] heard, String own, Collection<String> among, RegionScaling scaling) {
        Map<String, Double> distances = new LinkedHashMap<>();
        for (Map.Entry<String, float[]> known : utterances.entrySet()) {
            distances.put(known.getKey(), distance(heard, known.getValue(), scaling));
        }
        double least = distances.getOrDefault(own, Double.NaN);
        if (Double.isNaN(least)) {
            return 0;
        }
        int tied = 0;
        for (String caption : among) {
            double distance = distances.getOrDefault(caption, Double.POSITIVE_INFINITY);
            if (distance < least) {
                return 0;
            }
            tied += distance == least ? 1 : 0;
        }
        return 1.0 / tied;
    }

    private static double distance(float[] heard, float[] known, RegionScaling scaling) {
        if (heard.length != known.length) {
            return Double.NaN;
        }
        double sum = 0;
        for (int i = 0; i < heard.length; i++) {
            double difference = (heard[i] - known[i]) / scaling.scale(i % scaling.dim());
            sum += difference * difference;
        }
        return sum;
    }
}
