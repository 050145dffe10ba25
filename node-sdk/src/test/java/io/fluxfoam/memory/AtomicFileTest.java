package io.fluxfoam.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

class AtomicFileTest {
    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("state");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void shouldReplaceWhatIsThereAndLeaveNothingElse() throws IOException {
        AtomicFile.replace(file, new byte[] {1});
        AtomicFile.replace(file, new byte[] {2, 3});
        assertArrayEquals(new byte[] {2, 3}, Files.readAllBytes(file));
        assertEquals(List.of("state"), names());
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void shouldKeepTheOldFileIfTheNewOneCannotBeWritten() throws IOException {
        AtomicFile.replace(file, new byte[] {1});
        assertThrows(
                IOException.class,
                () ->
                        AtomicFile.replace(
                                file,
                                half -> {
                                    Files.write(half, new byte[] {9});
                                    throw new IOException("no space left");
                                }));
        assertArrayEquals(new byte[] {1}, Files.readAllBytes(file));
        assertEquals(List.of("state"), names());
    }

    @Test
    void shouldOverwriteWhatADeadWriterLeft() throws IOException {
        Files.write(AtomicFile.temporary(file), new byte[1_000]);
        AtomicFile.replace(file, new byte[] {4});
        assertArrayEquals(new byte[] {4}, Files.readAllBytes(file));
        assertEquals(List.of("state"), names());
    }

    @Test
    void shouldNotShowWhatIsOnlyPrepared() throws IOException {
        AtomicFile.replace(file, new byte[] {1});
        AtomicFile.prepare(file, half -> Files.write(half, new byte[] {5}));
        assertArrayEquals(new byte[] {1}, Files.readAllBytes(file));
        AtomicFile.commit(file);
        assertArrayEquals(new byte[] {5}, Files.readAllBytes(file));
    }

    @Test
    void shouldReplaceALinkAndNotWhatItLinksTo() throws IOException {
        Path elsewhere = Files.write(folder.resolve("elsewhere"), new byte[] {7});
        Files.createSymbolicLink(file, elsewhere);
        AtomicFile.replace(file, new byte[] {8});
        assertArrayEquals(new byte[] {7}, Files.readAllBytes(elsewhere));
        assertArrayEquals(new byte[] {8}, Files.readAllBytes(file));
    }
}
