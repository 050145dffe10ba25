package io.fluxfoam.journal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A node's journal on disk. Each incarnation writes a queue of its own, so no process ever opens
 * what another may have left locked or damaged:
 *
 * <pre>
 *   WALLMILLIS-INCARNATION/         a queue, begun then by that incarnation
 *     yyyyMMdd-HHF.cq4              the facts of one hour (UTC)
 *     metadata.cq4t                 Chronicle's own
 * </pre>
 */
final class JournalDirectory {
    private static final String QUEUES = "[0-9]*-[0-9]*";
    private static final String FILES = "*.cq4";
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path path;

    JournalDirectory(Path path) {
        this.path = path;
    }

    /** Creates the directory of a new queue. */
    Path createQueue(long wallMillis, long incarnation) throws IOException {
        Files.createDirectories(path, OWNER_ONLY);
        return Files.createDirectory(
                path.resolve(String.format(Locale.ROOT, "%013d-%d", wallMillis, incarnation)),
                OWNER_ONLY);
    }

    /** All files of all queues, oldest first; none if the journal is not there. */
    List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path queue : list(path, QUEUES)) {
            files.addAll(list(queue, FILES));
        }
        return files;
    }

    /**
     * Deletes the oldest files until at most {@code keep} are left, and all queues but this one
     * that are empty.
     */
    void keepNewest(int keep, Path current) throws IOException {
        List<Path> files = files();
        for (Path file : files.subList(0, Math.max(0, files.size() - keep))) {
            Files.deleteIfExists(file);
        }
        for (Path queue : list(path, QUEUES)) {
            if (!queue.equals(current) && list(queue, FILES).isEmpty()) {
                for (Path rest : list(queue, "*")) {
                    Files.deleteIfExists(rest);
                }
                Files.deleteIfExists(queue);
            }
        }
    }

    /**
     * Takes everybody else's rights from a queue's files, which Chronicle creates with those of the
     * process.
     */
    static void keepPrivate(Path queue) throws IOException {
        for (Path file : list(queue, "*")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    private static List<Path> list(Path directory, String pattern) throws IOException {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, pattern)) {
            stream.forEach(paths::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
        paths.sort(null);
        return paths;
    }
}
