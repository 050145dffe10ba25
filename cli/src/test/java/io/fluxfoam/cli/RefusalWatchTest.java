package io.fluxfoam.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fluxfoam.coordinator.status.StudentStatus;
import io.fluxfoam.coordinator.status.TeacherStatus;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class RefusalWatchTest {
    private final List<String> events = new ArrayList<>();
    private final RefusalWatch watch =
            new RefusalWatch((node, event) -> events.add(node + " " + event));

    private static StudentStatus refusing(String reason) {
        TeacherStatus teacher = new TeacherStatus(false, 0.0, null, null, null, reason, null, null);
        return new StudentStatus(
                1L,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of("teacher-x", teacher));
    }

    @Test
    void shouldTellEachReasonOnceAndThatItIsOver() {
        watch.look(refusing(null));
        watch.look(refusing("floats=138464 of 32768"));
        watch.look(refusing("floats=138464 of 32768"));
        watch.look(refusing("another shape"));
        watch.look(refusing(null));
        watch.look(refusing(null));
        assertEquals(
                List.of(
                        "teacher-x computes in vain, the student refuses it: floats=138464 of 32768",
                        "teacher-x computes in vain, the student refuses it: another shape",
                        "teacher-x no longer refused"),
                events);
    }
}
