package io.fluxfoam.distill;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names one held-out set of a sensor, as the labels of its counters do: {@code WORLD.KIND.NAME}.
 *
 * @param world index of the source
 * @param name unique in its world
 */
public record SetKey(int world, HoldoutKind kind, String name) {
    private static final Pattern TEXT =
            Pattern.compile("(\\d{1,3})\\.([a-z]+)\\.([A-Za-z][A-Za-z0-9]*)");

    /** The set's key. */
    public static SetKey of(CandidateSet set) {
        return new SetKey(set.world(), set.kind(), set.name());
    }

    /** Reads back what {@link #text()} wrote; empty if it is none. */
    public static Optional<SetKey> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        for (HoldoutKind kind : HoldoutKind.values()) {
            if (kind.text().equals(matcher.group(2))) {
                return Optional.of(
                        new SetKey(Integer.parseInt(matcher.group(1)), kind, matcher.group(3)));
            }
        }
        return Optional.empty();
    }

    public String text() {
        return world + "." + kind.text() + "." + name;
    }
}
