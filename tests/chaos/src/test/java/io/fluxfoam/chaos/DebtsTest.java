package io.fluxfoam.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DebtsTest {
    private final List<String> happened = new ArrayList<>();
    private final Debts debts = new Debts();

    private Debts.Debt incur(String name) throws IOException {
        return debts.incur(name, () -> happened.add(name), () -> happened.add("undo " + name));
    }

    @Test
    void shouldUndoWhatIsStillOwedNewestFirstAndOnce() throws IOException {
        incur("a");
        Debts.Debt settled = incur("b");
        Debts.Debt paid = incur("c");
        incur("d");
        settled.settle();
        paid.pay();
        paid.pay();
        debts.close();
        debts.close();
        assertEquals(List.of("a", "b", "c", "d", "undo c", "undo d", "undo a"), happened);
    }

    @Test
    void shouldUndoAllWhateverFails() throws IOException {
        incur("a");
        debts.incur("b", () -> {}, () -> {
            throw new IOException("no way back");
        });
        incur("c");
        String message = assertThrows(IOException.class, debts::close).getMessage();
        assertEquals("not undone: b: no way back", message);
        assertEquals(List.of("a", "c", "undo c", "undo a"), happened);
    }

    @Test
    void shouldUndoAtOnceWhatFailsHalfDone() throws IOException {
        IOException half = new IOException("half");
        IOException thrown =
                assertThrows(
                        IOException.class,
                        () -> debts.incur("a", () -> {
                            throw half;
                        }, () -> happened.add("undo a")));
        assertEquals(half, thrown);
        debts.close();
        assertEquals(List.of("undo a"), happened);
    }

    @Test
    void shouldDoNothingNewOnceUndoingHasBegun() throws IOException {
        debts.close();
        assertTrue(debts.isClosing());
        assertThrows(IOException.class, () -> incur("a"));
        assertEquals(List.of(), happened);
    }
}
