package io.fluxfoam.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;

class CommandNodeTest {
    @Test
    void shouldTakeAllBehindTheFirstEqualsSignAsTheCommand() {
        assertEquals(
                List.of(
                        new CommandNode("teacher-colour", "A=1 python3 'a b.py' --x=y"),
                        new CommandNode("b", "./b")),
                CommandNode.parse(List.of("teacher-colour=A=1 python3 'a b.py' --x=y", "b=./b")));
    }

    @Test
    void shouldRefuseWhatStartsNoNode() {
        for (List<String> texts :
                List.of(
                        List.of("python3 x.py"),
                        List.of("a="),
                        List.of("a= "),
                        List.of("../a=x"),
                        List.of("=x"),
                        List.of("a=x", "a=y"),
                        List.of("student=x"))) {
            IllegalArgumentException refused =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> CommandNode.parse(texts),
                            texts::toString);
            assertTrue(refused.getMessage().lines().count() == 1, refused::getMessage);
        }
    }
}
