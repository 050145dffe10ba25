package io.fluxfoam.cli;

import io.fluxfoam.coordinator.status.StudentStatus;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Tells of teachers that the student refuses: each reason once, and when it is over. */
final class RefusalWatch {
    private final BiConsumer<String, String> events;
    private final Map<String, String> said = new HashMap<>();

    RefusalWatch(BiConsumer<String, String> events) {
        this.events = events;
    }

    void look(StudentStatus student) {
        student.teachers()
                .forEach((teacher, seen) -> {
                    String reason = seen.refused();
                    if (reason != null && !reason.equals(said.put(teacher, reason))) {
                        events.accept(
                                teacher, "computes in vain, the student refuses it: " + reason);
                    } else if (reason == null && said.remove(teacher) != null) {
                        events.accept(teacher, "no longer refused");
                    }
                });
    }
}
