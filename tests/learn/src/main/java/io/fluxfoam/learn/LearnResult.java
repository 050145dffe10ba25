package io.fluxfoam.learn;

import java.util.List;
import java.util.Locale;

/**
 * What {@code --json} prints.
 *
 * @param cpuSeconds that an arm may take for one seed; where steps are equal the most that one took
 * @param equal {@code steps} or {@code cpu}
 * @param figure what the figures are
 * @param reference the arm that others are compared with
 */
record LearnResult(
        String protocol,
        int seeds,
        double cpuSeconds,
        String equal,
        String figure,
        String reference,
        List<ArmResult> arms) {
    /** As people read it, best first. */
    String table() {
        StringBuilder table = new StringBuilder();
        line(table, "%s, %d seed(s), equal %s: %s", protocol, seeds, equal, figure);
        line(
                table,
                "%-16s %7s %17s %19s %9s %7s %7s %8s %8s  %s",
                "arm",
                "mean",
                "95%",
                "less " + reference,
                "bytes",
                "CPU s",
                "updates",
                "rate",
                "strength",
                "");
        arms.stream()
                .sorted((a, b) -> Double.compare(b.mean(), a.mean()))
                .forEach(arm -> line(table, "%s", row(arm)));
        return table.toString();
    }

    private static String row(ArmResult arm) {
        SeedInterval less = arm.minusReference();
        StringBuilder details = new StringBuilder();
        arm.details()
                .forEach((name, value) ->
                        details.append(String.format(Locale.ROOT, " %s %.4g", name, value)));
        return String.format(
                Locale.ROOT,
                "%-16s %7.4f %8.4f %8.4f %19s %9d %7.1f %7.0f %8.0e %8.3g %s",
                arm.name(),
                arm.mean(),
                arm.low(),
                arm.high(),
                less == null
                        ? "-"
                        : String.format(
                                Locale.ROOT,
                                "%+.3f (%+.3f %+.3f)",
                                less.mean(),
                                less.low(),
                                less.high()),
                arm.bytes(),
                arm.cpuSeconds(),
                arm.steps(),
                arm.learningRate(),
                arm.strength(),
                details);
    }

    private static void line(StringBuilder table, String format, Object... values) {
        table.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }
}
