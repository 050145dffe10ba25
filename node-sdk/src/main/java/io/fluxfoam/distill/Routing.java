package io.fluxfoam.distill;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Who of several evaluators is asked: the most reliable one, and with it the next if it is as good
 * as that. The others need not be asked: what they would add is mostly their errors.
 */
public final class Routing {
    /** Whoever is less reliable than this is not asked, even if there is nobody else. */
    public static final double LEAST = .5;

    /** Two whose reliabilities are no farther apart are equally good. */
    public static final double TIE = .05;

    private static final int MOST_ASKED = 2;

    private Routing() {}

    /**
     * Whom to ask.
     *
     * @param reliabilities of all that can be asked, 0 to 1, by name
     * @return at most two of them, the most reliable first; of equal ones the first by name
     */
    public static List<String> asked(Map<String, Double> reliabilities) {
        List<Map.Entry<String, Double>> best =
                reliabilities.entrySet().stream()
                        .filter(each -> each.getValue() >= LEAST)
                        .sorted(
                                Map.Entry.<String, Double>comparingByValue(
                                                Comparator.reverseOrder())
                                        .thenComparing(Map.Entry.comparingByKey()))
                        .limit(MOST_ASKED)
                        .toList();
        return best.stream()
                .filter(each -> best.getFirst().getValue() - each.getValue() <= TIE)
                .map(Map.Entry::getKey)
                .toList();
    }
}
