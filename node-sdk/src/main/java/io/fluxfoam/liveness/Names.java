package io.fluxfoam.liveness;

import org.jspecify.annotations.Nullable;

import java.util.regex.Pattern;

/**
 * Names of nodes, roles and streams. They become parts of file names, so nothing else is let
 * through.
 */
public final class Names {
    private static final Pattern VALID = Pattern.compile("[a-z][a-z0-9-]{0,47}");

    private Names() {}

    /**
     * Returns the name if it is a valid one.
     *
     * @throws IllegalArgumentException if it is not 1 to 48 of a-z, 0-9 and '-', beginning with a
     *     letter
     */
    public static String check(String what, @Nullable String name) {
        if (name == null || !VALID.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    what
                            + " name must be 1 to 48 of a-z, 0-9, '-', first a letter: "
                            + quote(name));
        }
        return name;
    }

    /** Whether it is a valid name. */
    public static boolean isValid(String name) {
        return VALID.matcher(name).matches();
    }

    /** The text in quotes, on one line and not longer than a line. */
    static String quote(@Nullable String name) {
        if (name == null) {
            return "null";
        }
        String head = name.length() > 60 ? name.substring(0, 60) + "…" : name;
        return '"' + head.replaceAll("\\p{Cntrl}", "?") + '"';
    }
}
