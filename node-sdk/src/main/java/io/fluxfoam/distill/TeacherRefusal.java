package io.fluxfoam.distill;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.counters.ErrorEntry;

import java.util.Comparator;
import java.util.Optional;

/**
 * That a student takes nothing of a teacher, and why. The student says it in its counters, {@link
 * LoopCounters#TEACHER_REFUSED}, and in its error log; anyone can read it there.
 */
public record TeacherRefusal(String teacher, String reason) {
    private static final String REFUSED = "teacher refused: ";
    private static final String UNKNOWN = "see the student's error log";

    /** As the error log has it. */
    public String text() {
        return prefix(teacher) + reason;
    }

    private static String prefix(String teacher) {
        return REFUSED + teacher + ": ";
    }

    /** What a student says of a teacher now; empty if it does not refuse it. */
    public static Optional<TeacherRefusal> of(CountersSnapshot student, String teacher) {
        if (student.number(LoopCounters.TEACHER_REFUSED.of(teacher)) != 1) {
            return Optional.empty();
        }
        String prefix = prefix(teacher);
        String reason =
                student.errors().stream()
                        .sorted(Comparator.comparing(ErrorEntry::lastMillis).reversed())
                        .map(ErrorEntry::summary)
                        .filter(summary -> summary.contains(prefix))
                        .map(summary ->
                                summary.substring(summary.indexOf(prefix) + prefix.length()))
                        .findFirst()
                        .orElse(UNKNOWN);
        return Optional.of(new TeacherRefusal(teacher, reason));
    }
}
