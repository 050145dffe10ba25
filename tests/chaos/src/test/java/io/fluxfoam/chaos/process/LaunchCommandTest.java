package io.fluxfoam.chaos.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

class LaunchCommandTest {
    @TempDir Path directory;

    private LaunchCommand command(Path log) {
        return new LaunchCommand(
                "node", List.of("echo", "said"), Map.copyOf(System.getenv()), directory, 0, log);
    }

    @Test
    void shouldAppendToALogThatOnlyItsOwnerReads() throws Exception {
        Path log = directory.resolve("node.log");
        assertEquals(0, command(log).start().waitFor());
        assertEquals(0, command(log).start().waitFor());
        assertEquals("said\nsaid\n", Files.readString(log));
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(log)));
    }

    @Test
    void shouldFollowNoLinkOutOfTheFoam() throws Exception {
        Path outside = Files.writeString(directory.resolve("outside"), "mine\n");
        Path log = Files.createSymbolicLink(directory.resolve("node.log"), outside);
        assertThrows(IOException.class, () -> command(log).start());
        assertEquals("mine\n", Files.readString(outside));
    }
}
