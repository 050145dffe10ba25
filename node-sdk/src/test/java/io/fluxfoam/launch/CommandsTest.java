package io.fluxfoam.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fluxfoam.memory.Posix;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

class CommandsTest {
    @TempDir Path directory;
    private Path file;
    private Path missing;

    @BeforeEach
    void createFile() throws IOException {
        file = Files.createFile(directory.resolve("file"));
        missing = directory.resolve("missing");
    }

    private static void assertSays(String reason, Executable act) {
        assertEquals(reason, Commands.reason(assertThrows(Exception.class, act)));
    }

    @Test
    void shouldSayWhatIsWrongWithAFile() {
        assertSays("no such file: path=" + missing, () -> Files.readString(missing));
        assertSays("no such file: path=" + missing, () -> Posix.openReadOnly(missing));
        assertSays("exists already: path=" + file, () -> Files.createFile(file));
        assertSays("not a directory: path=" + file, () -> Files.newDirectoryStream(file));
        assertSays("directory not empty: path=" + directory, () -> Files.delete(directory));
    }

    @Test
    void shouldKeepTheReasonThatComesWithIt() {
        assertEquals(
                "access denied: path=/x (only for others)",
                Commands.reason(new AccessDeniedException("/x", null, "only for others")));
        assertEquals(
                "No space left on device: path=/x",
                Commands.reason(new FileSystemException("/x", null, "No space left on device")));
        assertEquals(
                "Invalid argument: path=/x other=/x/y",
                Commands.reason(new FileSystemException("/x", "/x/y", "Invalid argument")));
        assertEquals("file not usable: path=/x", Commands.reason(new FileSystemException("/x")));
    }

    @Test
    void shouldSayAnyErrorInOneLine() {
        assertEquals("a", Commands.reason(new IOException("a\nb")));
        assertEquals("a=1", Commands.reason(new IllegalArgumentException("a=1")));
        assertEquals("IOException", Commands.reason(new IOException()));
        assertEquals("IllegalStateException: a", Commands.reason(new IllegalStateException("a")));
        assertEquals("IllegalStateException", Commands.reason(new IllegalStateException()));
        assertEquals(
                "no such file: path=" + missing,
                Commands.reason(
                        new UncheckedIOException(
                                assertThrows(IOException.class, () -> Files.readString(missing)))));
    }

    @Command(name = "failing")
    private static final class Failing implements Callable<Integer> {
        @Override
        public Integer call() {
            throw new NoClassDefFoundError("a.b.C");
        }
    }

    @Test
    void shouldSayAnErrorOfTheJvmInOneLineToo() {
        StringWriter said = new StringWriter();
        CommandLine line = Commands.line(new Failing()).setErr(new PrintWriter(said, true));
        assertEquals(1, Commands.execute(line));
        assertEquals("failing: NoClassDefFoundError: a.b.C\n", said.toString());
    }
}
