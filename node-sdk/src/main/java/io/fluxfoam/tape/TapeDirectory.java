package io.fluxfoam.tape;

import io.fluxfoam.memory.Posix;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The folder of a tape: {@code tape-000001.mcap} and so on, in the order in which they were
 * written, and a lock that one recorder has at a time. What else lies there is not touched.
 */
final class TapeDirectory {
    private static final Pattern NAME = Pattern.compile("tape-(\\d{6})\\.mcap");
    private static final String LOCK = "tape.lock";
    private static final int MAX_FILES = 999_999;

    private final Path path;

    TapeDirectory(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    Path path() {
        return path;
    }

    /** The files, oldest first. */
    List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(path)) {
            for (Path file : all) {
                if (NAME.matcher(file.getFileName().toString()).matches()) {
                    files.add(file);
                }
            }
        } catch (NotDirectoryException e) {
            throw new IOException("a tape is a directory: path=" + path, e);
        }
        files.sort(null);
        return files;
    }

    /** A name after all that are there. */
    Path next() throws IOException {
        List<Path> files = files();
        int last = 0;
        if (!files.isEmpty()) {
            String name = files.getLast().getFileName().toString();
            last = Integer.parseInt(name.substring(5, 11));
        }
        if (last >= MAX_FILES) {
            throw new IOException("the tape has too many files: path=" + path + " files=" + last);
        }
        return path.resolve(String.format(Locale.ROOT, "tape-%06d.mcap", last + 1));
    }

    /**
     * Takes the lock; the kernel frees it on any death.
     *
     * @return what to close it with
     */
    int lock() throws IOException {
        Files.createDirectories(path);
        int fd = Posix.open(path.resolve(LOCK), true);
        try {
            if (!Posix.tryLock(fd)) {
                throw new IOException("another recorder writes this tape: path=" + path);
            }
            return fd;
        } catch (IOException | RuntimeException | Error e) {
            Posix.close(fd);
            throw e;
        }
    }
}
