package io.fluxfoam.distill;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Who of several evaluators is asked: the most reliable one, and with it all that are as good as
 * that. While nothing has gone wrong that may be all of them, and must be: which of them would see
 * it is not known yet. The others need not be asked: what they would add is mostly their errors.
 */
public final class Routing {
    /** Whoever is less reliable than this is not asked, even if there is nobody else. */
    public static final double LEAST = .5;

    /** Those that are no farther from the most reliable one are as good as that. */
    public static final double TIE = .05;

    private Routing() {}

    /**
     * Whom to ask.
     *
     * @param reliabilities of all that can be asked, 0 to 1, by name
     * @return those to ask, the most reliable first; of equal ones the first by name
     */
    public static List<String> asked(Map<String, Double> reliabilities) {
        List<Map.Entry<String, Double>> best =
                reliabilities.entrySet().stream()
                        .filter(each -> each.getValue() >= LEAST)
                        .sorted(
                                Map.Entry.<String, Double>comparingByValue(
                                                Comparator.reverseOrder())
                                        .thenComparing(Map.Entry.comparingByKey()))
                        .toList();
        return best.stream()
                .filter(each -> best.getFirst().getValue() - each.getValue() <= TIE)
                .map(Map.Entry::getKey)
                .toList();
    }
}
