package io.fluxfoam.chaos.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What is wrong with a run; nothing, if the foam withstood it and chaos has looked closely enough
 * to say so.
 */
public record Verdict(List<String> faults) {
    private static final int READS_FOR_EACH_KILL = 10;

    public Verdict {
        faults = List.copyOf(faults);
    }

    /**
     * Judges a run.
     *
     * @param unverified streams of the loop that chaos never read
     * @param lost nodes that were killed and are not back
     * @param failures what kept chaos itself from doing or seeing all that it should
     */
    public static Verdict of(
            ChaosReport report, Set<String> unverified, Set<String> lost, List<String> failures) {
        List<String> faults = new ArrayList<>();
        refuse(faults, "tornReads", report.tornReads());
        refuse(faults, "hungNodes", report.hungNodes());
        refuse(faults, "leakedBytes", report.leakedBytes());
        refuse(faults, "leakedLeases", report.leakedLeases());
        long wanted = readsFor(report.kills());
        if (report.readsVerified() < wanted) {
            faults.add("readsVerified=" + report.readsVerified() + " wanted=" + wanted);
        }
        if (!unverified.isEmpty()) {
            faults.add("never verified: " + String.join(" ", unverified));
        }
        if (!lost.isEmpty()) {
            faults.add("killed and not back: " + String.join(" ", lost));
        }
        faults.addAll(failures);
        return new Verdict(faults);
    }

    /** How many reads must be verified where there were so many kills. */
    public static long readsFor(int kills) {
        return (long) READS_FOR_EACH_KILL * kills;
    }

    private static void refuse(List<String> faults, String what, long count) {
        if (count != 0) {
            faults.add(what + "=" + count);
        }
    }

    public int exitCode() {
        return faults.isEmpty() ? 0 : 1;
    }
}
