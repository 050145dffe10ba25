package io.fluxfoam.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Figures as people read them in a terminal; a missing one is a dash. */
final class Text {
    private static final int MAX_LINE = 300;

    private Text() {}

    /**
     * What a node or a file said, as one bearable line: cut, and without what would move a
     * terminal's cursor.
     */
    static String line(String said) {
        String head = said.length() > MAX_LINE ? said.substring(0, MAX_LINE - 1) + "…" : said;
        return head.replaceAll("\\p{Cntrl}", "?");
    }

    static String number(Double value, int digits) {
        return value == null ? "-" : String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    static String percent(Double ratio) {
        return ratio == null ? "-" : String.format(Locale.ROOT, "%.1f%%", 100 * ratio);
    }

    static String age(Double millis) {
        if (millis == null) {
            return "-";
        }
        return millis < 1_000 ? String.format(Locale.ROOT, "%.0f ms", millis) : span(millis / 1e3);
    }

    /** A span of time, in the two largest units that it has. */
    static String span(double seconds) {
        long whole = (long) seconds;
        if (whole < 60) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        if (whole < 3_600) {
            return whole / 60 + " min " + whole % 60 + " s";
        }
        return whole / 3_600 + " h " + whole / 60 % 60 + " min";
    }

    static String bytes(long bytes) {
        if (bytes < 1 << 10) {
            return bytes + " B";
        }
        int power = Math.min(4, (63 - Long.numberOfLeadingZeros(bytes)) / 10);
        return String.format(
                Locale.ROOT, "%.1f %ciB", bytes / Math.pow(1024, power), " KMGT".charAt(power));
    }

    static String shape(List<Long> shape) {
        return shape.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    }
}
