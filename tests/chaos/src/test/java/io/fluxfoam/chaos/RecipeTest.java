package io.fluxfoam.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeTest {
    @TempDir Path directory;

    private Recipe recipe(Path log) {
        return new Recipe("node", List.of("echo", "said"), Map.copyOf(System.getenv()), directory, 0, log);
    }

    @Test
    void shouldAppendToALogThatOnlyItsOwnerReads() throws Exception {
        Path log = directory.resolve("node.log");
        assertEquals(0, recipe(log).start().waitFor());
        assertEquals(0, recipe(log).start().waitFor());
        assertEquals("said\nsaid\n", Files.readString(log));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(log)));
    }

    @Test
    void shouldFollowNoLinkOutOfTheFoam() throws Exception {
        Path outside = Files.writeString(directory.resolve("outside"), "mine\n");
        Path log = Files.createSymbolicLink(directory.resolve("node.log"), outside);
        assertThrows(IOException.class, () -> recipe(log).start());
        assertEquals("mine\n", Files.readString(outside));
    }
}
