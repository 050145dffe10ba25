package io.fluxfoam.liveness;

import org.jspecify.annotations.Nullable;

import java.util.regex.Pattern;

/**
 * Names of nodes, roles and streams. They become parts of file names, so nothing else is let
 * through. Only a node that is a mirror of another box's may have an {@code @} in its name.
 */
public final class Names {
    /** A name as a part of a pattern. */
    private static final String NAME = "[a-z][a-z0-9-]{0,47}";

    private static final String BOX = "[a-z][a-z0-9-]{0,14}";

    /** A node's name as a part of a pattern: a mirror may have its box behind it. */
    static final String NODE = NAME + "(?:@" + BOX + ")?";

    private static final Pattern VALID = Pattern.compile(NAME);
    private static final Pattern VALID_NODE = Pattern.compile(NODE);
    private static final Pattern VALID_BOX = Pattern.compile(BOX);

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

    /**
     * Returns the name if it is a node's: a valid one, or that of a mirror, {@code NAME@BOX}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static String checkNode(@Nullable String name) {
        return name != null && VALID_NODE.matcher(name).matches() ? name : check("node", name);
    }

    /**
     * Returns the name if it is a box's.
     *
     * @throws IllegalArgumentException if it is not 1 to 15 of a-z, 0-9 and '-', beginning with a
     *     letter
     */
    public static String checkBox(@Nullable String name) {
        if (name == null || !VALID_BOX.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "box name must be 1 to 15 of a-z, 0-9, '-', first a letter: " + quote(name));
        }
        return name;
    }

    /** Whether it is a valid name of a node. */
    public static boolean isNode(String name) {
        return VALID_NODE.matcher(name).matches();
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
