package io.fluxfoam.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

class NodeContextTest {
    private final NodeContext context =
            new NodeContext().foam(Path.of("/dev/shm/foam")).name("student");

    @Test
    void shouldKeepStateAndJournalInTheFoam() {
        assertEquals(Path.of("/dev/shm/foam/state/student"), context.state());
        assertEquals(Path.of("/dev/shm/foam/journal/student"), context.journal());
    }

    @Test
    void shouldKeepStateAndJournalWhereTheyOutliveTheFoam() {
        context.durable(Path.of("/var/lib/foam"));
        assertEquals(Path.of("/var/lib/foam/state/student"), context.state());
        assertEquals(Path.of("/var/lib/foam/journal/student"), context.journal());
    }
}
