package io.fluxfoam.counters;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A counter as it is declared, once: who writes it and who reads it name this and not its label.
 * One that a node has several of is declared with the name of what they are of in braces, {@code
 * read.{stream}.missed}; {@link #of} says which.
 *
 * @param label in the counters file; scripts rely on it
 * @param onlyGrows whether it begins at zero with each life of the node and never goes down. What a
 *     life takes over from the one before it may go down, if that had counted further than it kept.
 * @param unit of the value in the counters file
 * @param metric its name for Prometheus, in the base unit
 * @param help what it says, in one sentence
 * @param among what may stand for the braces; anything if empty
 */
public record CounterSpec(
        String label,
        boolean onlyGrows,
        Unit unit,
        String metric,
        String help,
        List<String> among) {
    public CounterSpec {
        among = List.copyOf(among);
    }

    /** A counter that only grows while its node lives. */
    public static CounterSpec growing(String label, Unit unit, String metric, String help) {
        return new CounterSpec(label, true, unit, metric, help, List.of());
    }

    /** A counter or gauge that may go down. */
    public static CounterSpec varying(String label, Unit unit, String metric, String help) {
        return new CounterSpec(label, false, unit, metric, help, List.of());
    }

    /** The same, of these only. */
    public CounterSpec among(String... subjects) {
        return new CounterSpec(label, onlyGrows, unit, metric, help, Arrays.asList(subjects));
    }

    /** The counter of this one. */
    public CounterSpec of(String which) {
        if (subject().isEmpty() || !admits(which)) {
            throw new IllegalArgumentException("no counter: label=" + label + " of=" + which);
        }
        return new CounterSpec(
                prefix() + which + suffix(), onlyGrows, unit, metric, help, List.of());
    }

    /** The word in braces; empty if there is only one such counter. */
    public Optional<String> subject() {
        int open = label.indexOf('{');
        return open < 0
                ? Optional.empty()
                : Optional.of(label.substring(open + 1, label.indexOf('}')));
    }

    /** Which of these counters has this label; empty if none has. */
    public Optional<String> which(String ofLabel) {
        if (label.indexOf('{') < 0) {
            return Optional.empty();
        }
        String prefix = prefix();
        String suffix = suffix();
        if (ofLabel.length() <= prefix.length() + suffix.length()
                || !ofLabel.startsWith(prefix)
                || !ofLabel.endsWith(suffix)) {
            return Optional.empty();
        }
        return Optional.of(ofLabel.substring(prefix.length(), ofLabel.length() - suffix.length()))
                .filter(this::admits);
    }

    private boolean admits(String which) {
        return among.isEmpty() || among.contains(which);
    }

    private String prefix() {
        return label.substring(0, label.indexOf('{'));
    }

    private String suffix() {
        return label.substring(label.indexOf('}') + 1);
    }

    /** The label, if it is that of one counter. */
    String requireLabel() {
        if (label.indexOf('{') >= 0) {
            throw new IllegalArgumentException("which one? label=" + label);
        }
        return label;
    }
}
