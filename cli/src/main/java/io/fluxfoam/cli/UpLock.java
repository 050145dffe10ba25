package io.fluxfoam.cli;

import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.memory.Posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The right of one {@code up} to start nodes in a foam: an open-file-description lock on {@code
 * up.lock}, freed by the kernel on any death, with the holder's process id in the file.
 */
final class UpLock implements AutoCloseable {
    static final String FILE = "up.lock";

    private final Path file;
    private final int fd;

    private UpLock(Path file, int fd) {
        this.file = file;
        this.fd = fd;
    }

    /** Takes it, or says who has it. */
    static UpLock take(FoamDirectory foam) throws IOException {
        Path file = foam.path().resolve(FILE);
        int fd = Posix.open(file, true);
        try {
            if (!Posix.tryLock(fd)) {
                throw new IOException(
                        "another up runs this foam: pid="
                                + pidIn(file)
                                + " path="
                                + foam.path()
                                + " (end it with: foam down)");
            }
            Files.writeString(file, ProcessHandle.current().pid() + "\n");
            return new UpLock(file, fd);
        } catch (IOException | RuntimeException | Error e) {
            Posix.close(fd);
            throw e;
        }
    }

    /** The {@code up} that lives. */
    static Optional<ProcessHandle> holder(FoamDirectory foam) throws IOException {
        Path file = foam.path().resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        int fd = Posix.openReadOnly(file);
        try {
            if (!Posix.isLocked(fd)) {
                return Optional.empty();
            }
            String pid = pidIn(file);
            return pid.isEmpty() ? Optional.empty() : ProcessHandle.of(Long.parseLong(pid));
        } catch (NumberFormatException e) {
            throw new IOException("damaged: path=" + file, e);
        } finally {
            Posix.close(fd);
        }
    }

    /**
     * Each {@code up} that lives though its foam was removed: the kernel tells of the file that it
     * still has open. Only those of this user can be seen.
     */
    static List<ProcessHandle> bereft(Path foam) throws IOException {
        Path parent = foam.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            return List.of();
        }
        String removed =
                parent.toRealPath().resolve(foam.getFileName()).resolve(FILE) + " (deleted)";
        return ProcessHandle.allProcesses()
                .filter(process -> hasOpen(process.pid(), removed))
                .toList();
    }

    private static boolean hasOpen(long pid, String file) {
        String[] opened = Path.of("/proc/" + pid + "/fd").toFile().list();
        return opened != null
                && Stream.of(opened)
                        .anyMatch(fd -> {
                            try {
                                Path link = Path.of("/proc/" + pid + "/fd", fd);
                                return Files.readSymbolicLink(link).toString().equals(file);
                            } catch (IOException e) {
                                return false; // closed meanwhile
                            }
                        });
    }

    /** Whether the foam is still the one that it was taken in. */
    boolean isInPlace() throws IOException {
        return Posix.isSameFile(fd, file);
    }

    private static String pidIn(Path file) throws IOException {
        return Text.line(Files.readString(file, StandardCharsets.ISO_8859_1).strip());
    }

    @Override
    public void close() {
        Posix.close(fd);
    }
}
