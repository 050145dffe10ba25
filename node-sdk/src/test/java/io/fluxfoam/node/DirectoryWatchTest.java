package io.fluxfoam.node;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

class DirectoryWatchTest {
    private static final long HOUR_MILLIS = 3_600_000;

    @TempDir Path directory;

    private void setModified(long millis) throws IOException {
        Files.setLastModifiedTime(directory, FileTime.fromMillis(millis));
    }

    @Test
    void shouldSeeEveryNewName() throws IOException {
        DirectoryWatch watch = new DirectoryWatch(directory);
        for (int i = 0; i < 100; i++) {
            Files.createFile(directory.resolve("file-" + i));
            assertTrue(watch.hasChanged());
        }
    }

    @Test
    void shouldBeQuietBetweenChangesWhateverTheClockSays() throws IOException {
        DirectoryWatch watch = new DirectoryWatch(directory);
        long nowMillis = System.currentTimeMillis();
        for (long hours : new long[] {-1, 1, -2}) {
            setModified(nowMillis + hours * HOUR_MILLIS);
            assertTrue(watch.hasChanged());
            for (int look = 0; look < 10; look++) {
                assertFalse(watch.hasChanged());
            }
        }
    }
}
