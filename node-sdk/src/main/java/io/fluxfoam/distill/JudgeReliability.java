package io.fluxfoam.distill;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How often an evaluator's word on a teacher has turned out right, as an evaluator has measured it.
 * An evaluator publishes what it holds of all evaluators, itself too, whenever it knows more.
 *
 * <pre>
 *   a line each:  evaluator  teacher  reliability  how often it was measured
 * </pre>
 *
 * @param judge evaluator that is spoken of
 * @param teacher on which its word is
 * @param reliability 0 always wrong, 1 always right; what is not measured yet has {@link #UNKNOWN}
 * @param golds how often its word was held against what turned out
 */
public record JudgeReliability(String judge, String teacher, double reliability, long golds) {
    /** Of an evaluator of which nothing is known: rather right than wrong. */
    public static final double UNKNOWN = .7;

    /** Longest line in bytes. */
    public static final int MAX_LINE_BYTES = 128;

    private static final Pattern LINE =
            Pattern.compile("([a-z0-9-]{1,48}) ([a-z0-9-]{1,48}) ([01]\\.\\d{3}) (\\d{1,12})");

    /** The text of these, a line each. */
    public static String text(List<JudgeReliability> all) {
        return all.stream()
                .map(one ->
                        String.format(
                                Locale.ROOT,
                                "%s %s %.3f %d\n",
                                one.judge,
                                one.teacher,
                                one.reliability,
                                one.golds))
                .collect(Collectors.joining());
    }

    /**
     * Reads back what {@link #text} wrote.
     *
     * @throws IllegalArgumentException if a line is none
     */
    public static List<JudgeReliability> parse(String text) {
        List<JudgeReliability> all = new ArrayList<>();
        for (String line : text.lines().toList()) {
            Matcher found = LINE.matcher(line);
            if (!found.matches()) {
                throw new IllegalArgumentException("no reliability: \"" + line + '"');
            }
            all.add(
                    new JudgeReliability(
                            found.group(1),
                            found.group(2),
                            Math.min(1, Double.parseDouble(found.group(3))),
                            Long.parseLong(found.group(4))));
        }
        return all;
    }
}
