package io.fluxfoam.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

final class PosixTest {
    private static final long MORE_THAN_ANY_DISK = 1L << 60;

    @TempDir private Path directory;

    @Test
    void shouldCreateForTheOwnerAloneAndOnlyWhenAsked() throws IOException {
        Path file = directory.resolve("new");
        assertThrows(NoSuchFileException.class, () -> Posix.open(file, false));
        Posix.close(Posix.open(file, true));
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void shouldNotFollowALink() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        IOException refusal = assertThrows(IOException.class, () -> Posix.open(link, false));
        assertTrue(refusal.getMessage().contains("symbolic link"), refusal.getMessage());
        assertThrows(IOException.class, () -> Posix.openReadOnly(link));
    }

    @Test
    void shouldLockAgainstEveryOtherDescriptorUntilClosed() throws IOException {
        Path file = Files.createFile(directory.resolve("lock"));
        int first = Posix.open(file, false);
        int second = Posix.open(file, false);
        try {
            assertTrue(Posix.tryLock(first));
            assertTrue(Posix.isLocked(second));
            assertFalse(Posix.tryLock(second));
            Posix.close(first);
            assertFalse(Posix.isLocked(second));
            assertTrue(Posix.tryLock(second));
        } finally {
            Posix.close(second);
        }
    }

    @Test
    void shouldAllocateForRealAndTellWhenThereIsNoRoom() throws IOException {
        Path file = Files.createFile(directory.resolve("room"));
        Posix.allocate(file, 1 << 20);
        assertEquals(1 << 20, Files.size(file));
        assertTrue(
                (long) Files.getAttribute(file, "unix:size") <= 512 * blocks(file),
                "a hole in " + file);
        IOException refusal =
                assertThrows(IOException.class, () -> Posix.allocate(file, MORE_THAN_ANY_DISK));
        assertTrue(
                refusal.getMessage().contains("bytes=" + MORE_THAN_ANY_DISK), refusal.getMessage());
    }

    @Test
    void shouldWriteZerosBehindWhatIsThere() throws IOException {
        Path file = Files.write(directory.resolve("zeros"), new byte[] {1, 2, 3});
        Posix.writeZeros(file, 100_000);
        byte[] expected = new byte[100_000];
        expected[0] = 1;
        expected[1] = 2;
        expected[2] = 3;
        assertArrayEquals(expected, Files.readAllBytes(file));
    }

    private static long blocks(Path file) throws IOException {
        try {
            Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
            String blocks =
                    new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                            .strip();
            stat.waitFor();
            return Long.parseLong(blocks);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
