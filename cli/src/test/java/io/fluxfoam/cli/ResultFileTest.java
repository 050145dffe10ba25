package io.fluxfoam.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class ResultFileTest {
    @TempDir Path directory;

    @Test
    void shouldLeaveNothingBeforeItIsWritten() throws IOException {
        Path path = directory.resolve("plot.svg");
        ResultFile file = new ResultFile(path);
        file.requireWritable();
        assertFalse(Files.exists(path));
        file.write("one");
        file.requireWritable();
        assertEquals("one", Files.readString(path));
        file.write("2");
        assertEquals("2", Files.readString(path));
    }

    @Test
    void shouldRefuseWhatCannotBeWrittenWithPathAndReason() {
        for (Path path : new Path[] {directory, directory.resolve("missing").resolve("plot.svg")}) {
            String message =
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> new ResultFile(path).requireWritable())
                            .getMessage();
            assertTrue(message.contains("path=" + path), message);
        }
        String message =
                assertThrows(
                                IOException.class,
                                () -> new ResultFile(Path.of("/dev/full")).write("x"))
                        .getMessage();
        assertEquals("cannot be written: path=/dev/full (No space left on device)", message);
    }
}
