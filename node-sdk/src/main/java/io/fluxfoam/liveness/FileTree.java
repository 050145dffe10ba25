package io.fluxfoam.liveness;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Predicate;

/**
 * A folder with all that is in it. Links are removed, never followed; what others remove meanwhile
 * is no error.
 */
public final class FileTree {
    private FileTree() {}

    /** Removes a folder. One that is not there is fine. */
    public static void remove(Path root) throws IOException {
        removeAllBut(root, path -> false);
    }

    /**
     * Removes all in a folder, itself included, but for these. Who keeps a file has to keep the
     * folders above it too.
     */
    public static void removeAllBut(Path root, Predicate<Path> kept) throws IOException {
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        removeOne(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e)
                            throws IOException {
                        if (e instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE; // somebody was faster
                        }
                        throw e;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path directory, IOException e)
                            throws IOException {
                        if (e != null) {
                            return visitFileFailed(directory, e);
                        }
                        removeOne(directory);
                        return FileVisitResult.CONTINUE;
                    }

                    private void removeOne(Path path) throws IOException {
                        if (!kept.test(path)) {
                            Files.deleteIfExists(path);
                        }
                    }
                });
    }
}
