package io.fluxfoam.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells when names in a directory have changed, by its modification time: one system call a look,
 * no thread. A change within the clock's grain of an earlier look would be overseen, so a look soon
 * after a change says "changed" once more.
 */
final class DirectoryWatch {
    private static final long GRAIN_MILLIS = 50;

    private final Path directory;
    private long seenMillis = Long.MIN_VALUE;
    private boolean settled;

    DirectoryWatch(Path directory) {
        this.directory = directory;
    }

    boolean hasChanged() throws IOException {
        long modifiedMillis = Files.getLastModifiedTime(directory).toMillis();
        boolean fresh = Math.abs(System.currentTimeMillis() - modifiedMillis) < GRAIN_MILLIS;
        boolean changed = modifiedMillis != seenMillis || fresh || !settled;
        settled = !fresh;
        seenMillis = modifiedMillis;
        return changed;
    }
}
