package io.fluxfoam.chaos.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

class CleanupStackTest {
    private final List<String> happened = new ArrayList<>();
    private final CleanupStack cleanup = new CleanupStack();

    private CleanupStack.Entry push(String name) throws IOException {
        return cleanup.push(name, () -> happened.add(name), () -> happened.add("undo " + name));
    }

    @Test
    void shouldUndoWhatIsStillOwedNewestFirstAndOnce() throws IOException {
        push("a");
        CleanupStack.Entry settled = push("b");
        CleanupStack.Entry paid = push("c");
        push("d");
        settled.discard();
        paid.undo();
        paid.undo();
        cleanup.close();
        cleanup.close();
        assertEquals(List.of("a", "b", "c", "d", "undo c", "undo d", "undo a"), happened);
    }

    @Test
    void shouldUndoAllWhateverFails() throws IOException {
        push("a");
        cleanup.push(
                "b",
                () -> {},
                () -> {
                    throw new IOException("no way back");
                });
        push("c");
        String message = assertThrows(IOException.class, cleanup::close).getMessage();
        assertEquals("not undone: b: no way back", message);
        assertEquals(List.of("a", "c", "undo c", "undo a"), happened);
    }

    @Test
    void shouldUndoAtOnceWhatFailsHalfDone() throws IOException {
        IOException half = new IOException("half");
        IOException thrown =
                assertThrows(
                        IOException.class,
                        () ->
                                cleanup.push(
                                        "a",
                                        () -> {
                                            throw half;
                                        },
                                        () -> happened.add("undo a")));
        assertEquals(half, thrown);
        cleanup.close();
        assertEquals(List.of("undo a"), happened);
    }

    @Test
    void shouldDoNothingNewOnceUndoingHasBegun() throws IOException {
        cleanup.close();
        assertTrue(cleanup.isClosing());
        assertThrows(IOException.class, () -> push("a"));
        assertEquals(List.of(), happened);
    }
}
