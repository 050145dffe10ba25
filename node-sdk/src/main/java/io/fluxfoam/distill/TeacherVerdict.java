package io.fluxfoam.distill;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What an evaluator holds of one teacher. An evaluator publishes those of all teachers that it
 * knows whenever one changes, and at least every second; a reader forgets what it has not heard
 * again for {@link #LASTS_NS}, so that an evaluator that is gone holds up nothing.
 *
 * <pre>
 *   a line each:  teacher  epoch or -  state  weight  cause  evidence  failedFrom  failed frames, by commas, or -
 * </pre>
 *
 * @param teacher node that is judged
 * @param epoch of the teacher that is judged; another one is another teacher
 * @param weight factor on its region's weight in the loss, 0 to 1
 * @param cause what the state rests on
 * @param evidence how sure a lasting change is, 0 not at all, 1 settled
 * @param failedFrom while it is quarantined: the frame from which on its tensors are not to be
 *     learned; else {@link #NONE}
 * @param failedFrames newest frames whose tensors are not to be learned although the teacher is
 *     trusted otherwise, at most {@link #MAX_FAILED_FRAMES}
 */
public record TeacherVerdict(
        String teacher,
        String epoch,
        TeacherState state,
        double weight,
        VerdictCause cause,
        double evidence,
        long failedFrom,
        List<Long> failedFrames) {
    /** No frame. */
    public static final long NONE = -1;

    /** How long a verdict holds that is not heard again. */
    public static final long LASTS_NS = 10_000_000_000L;

    /** Most failed frames in a verdict. */
    public static final int MAX_FAILED_FRAMES = 32;

    /** Longest line in bytes. */
    public static final int MAX_LINE_BYTES = 1024;

    private static final double MOST_EVIDENCE = 99;

    private static final Pattern LINE =
            Pattern.compile(
                    "([a-z0-9@-]{1,64}) (-|[a-z0-9]{1,64}) ([A-Z_]{1,16}) ([01]\\.\\d{3}) ([A-Z_]{1,16})"
                            + " (\\d{1,2}\\.\\d{3}) (-1|\\d{1,18}) (-|\\d{1,18}(?:,\\d{1,18}){0,31})");

    /** Takes a copy of the frames. */
    public TeacherVerdict {
        failedFrames = List.copyOf(failedFrames);
    }

    /** Why, for people; one line. */
    public String reason() {
        String from = failedFrom == NONE ? "" : ", from frame " + failedFrom + " on";
        return String.format(Locale.ROOT, "%s (%.2f of 1)%s", cause.text(), evidence, from);
    }

    private String line() {
        String frames = failedFrames.stream().map(String::valueOf).collect(Collectors.joining(","));
        return String.format(
                Locale.ROOT,
                "%s %s %s %.3f %s %.3f %d %s\n",
                teacher,
                epoch.isEmpty() ? "-" : epoch,
                state,
                weight,
                cause,
                Math.min(MOST_EVIDENCE, evidence),
                failedFrom,
                frames.isEmpty() ? "-" : frames);
    }

    /** The text of these verdicts, a line each. */
    public static String text(List<TeacherVerdict> verdicts) {
        return verdicts.stream().map(TeacherVerdict::line).collect(Collectors.joining());
    }

    /**
     * Reads back what {@link #text} wrote.
     *
     * @throws IllegalArgumentException if a line is no verdict
     */
    public static List<TeacherVerdict> parse(String text) {
        List<TeacherVerdict> verdicts = new ArrayList<>();
        for (String line : text.lines().toList()) {
            Matcher found = LINE.matcher(line);
            if (!found.matches()) {
                throw new IllegalArgumentException("no verdict: \"" + line + '"');
            }
            verdicts.add(verdict(found));
        }
        return verdicts;
    }

    private static TeacherVerdict verdict(Matcher found) {
        List<Long> frames = new ArrayList<>();
        if (!found.group(8).equals("-")) {
            for (String frame : found.group(8).split(",")) {
                frames.add(Long.parseLong(frame));
            }
        }
        return new TeacherVerdict(
                found.group(1),
                found.group(2).equals("-") ? "" : found.group(2),
                TeacherState.valueOf(found.group(3)),
                Math.min(1, Double.parseDouble(found.group(4))),
                VerdictCause.valueOf(found.group(5)),
                Double.parseDouble(found.group(6)),
                Long.parseLong(found.group(7)),
                frames);
    }
}
