package io.fluxfoam.evaluator;

import java.util.Collection;
import java.util.Map;

/**
 * How far something that was heard is from each caption that an ear knows.
 *
 * @param distances the less the nearer; NaN counts as infinitely far
 */
record Nearness(Map<String, Double> distances) {
    /**
     * What it earns: 1 if its own caption is the nearest of these, 0 if another one is nearer. Ties
     * are shared, as between captions that sound the same.
     *
     * @param among captions that the ear knows, the own one among them
     */
    double credit(String own, Collection<String> among) {
        double least = distances.getOrDefault(own, Double.NaN);
        if (Double.isNaN(least)) {
            return 0;
        }
        int tied = 0;
        for (String caption : among) {
            double distance = distances.getOrDefault(caption, Double.NaN);
            if (distance < least) {
                return 0;
            }
            tied += distance == least ? 1 : 0;
        }
        return 1.0 / tied;
    }

    /** Of a caption. */
    double of(String caption) {
        return distances.getOrDefault(caption, Double.NaN);
    }
}
