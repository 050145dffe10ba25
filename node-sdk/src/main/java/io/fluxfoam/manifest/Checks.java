package io.fluxfoam.manifest;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The rules for what stands in a manifest beside names; no path in it ever leads out of the foam's
 * directory.
 */
final class Checks {
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private Checks() {}

    /** A key or a keyword: letters, digits, {@code . _ -}, at most 64 characters. */
    static String requireKey(String what, @Nullable String key) {
        if (key == null || !KEY.matcher(key).matches()) {
            throw new IllegalArgumentException(
                    "bad "
                            + what
                            + "=\""
                            + key
                            + "\": needs 1 to 64 of A-Z a-z 0-9 . _ - and starts with none of . _ -");
        }
        return key;
    }

    /** A path inside the foam's directory: relative and without steps upwards. */
    static String requireInnerPath(String what, @Nullable String text) {
        String path = requireText(what, text, 512);
        if (path.isEmpty()
                || path.startsWith("/")
                || !Path.of(path).normalize().toString().equals(path)
                || path.equals("..")
                || path.startsWith("../")) {
            throw new IllegalArgumentException(
                    "bad " + what + "=\"" + path + "\": not a path inside the foam");
        }
        return path;
    }

    /** Any text of bounded length, without NUL. */
    static String requireText(String what, @Nullable String text, int maxLength) {
        if (text == null || text.length() > maxLength || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "bad "
                            + what
                            + ": "
                            + (text == null
                                    ? "null"
                                    : "length=" + text.length() + " max=" + maxLength));
        }
        return text;
    }

    /** A number with a lower and an upper bound, both included. */
    static long requireRange(String what, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "bad " + what + "=" + value + ": needs " + min + ".." + max);
        }
        return value;
    }
}
