package io.fluxfoam.bench.process;

import io.fluxfoam.liveness.FileTree;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that a bench starts and writes: child processes, and files under one directory in {@code
 * /dev/shm}. Closing kills the former and removes the latter; so does the end of the process by
 * Ctrl-C or SIGTERM, and the next bench after a kill -9.
 */
public final class Workspace implements AutoCloseable {
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final String PREFIX = "foam-bench-";
    private final Path directory;
    private final List<ChildProcess> children = new ArrayList<>();
    private final Thread hook = new Thread(this::clear, "bench-clear");
    private boolean cleared;

    private Workspace(Path directory) {
        this.directory = directory;
    }

    /** Creates the directory of this process and removes those of dead ones. */
    public static Workspace create() throws IOException {
        removeThoseOfTheDead();
        Path directory =
                Files.createDirectory(
                        MEMORY.resolve(
                                PREFIX
                                        + ProcessHandle.current().pid()
                                        + "-"
                                        + Long.toHexString(System.nanoTime())),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
        Workspace workspace = new Workspace(directory);
        Runtime.getRuntime().addShutdownHook(workspace.hook);
        return workspace;
    }

    private static void removeThoseOfTheDead() throws IOException {
        try (DirectoryStream<Path> remains = Files.newDirectoryStream(MEMORY, PREFIX + "*")) {
            for (Path directory : remains) {
                if (ownerOf(directory).filter(ProcessHandle::isAlive).isEmpty()) {
                    remove(directory);
                }
            }
        }
    }

    private static Optional<ProcessHandle> ownerOf(Path directory) {
        String pid =
                directory
                        .getFileName()
                        .toString()
                        .substring(PREFIX.length())
                        .replaceFirst("-.*", "");
        return pid.matches("\\d{1,18}") ? ProcessHandle.of(Long.parseLong(pid)) : Optional.empty();
    }

    public Path directory() {
        return directory;
    }

    /** A new empty directory in it. */
    public Path newDirectory(String name) throws IOException {
        return Files.createDirectory(directory.resolve(name));
    }

    /**
     * Starts a child that ends with this workspace at the latest. Its errors go into a file of its
     * name.
     */
    public synchronized ChildProcess start(String name, List<String> commandLine)
            throws IOException {
        if (cleared) {
            throw new IOException("the bench is ending");
        }
        ChildProcess child =
                ChildProcess.start(name, commandLine, directory.resolve(name + ".log"));
        children.add(child);
        return child;
    }

    /** Kills a child now. */
    public synchronized void end(ChildProcess child) {
        child.kill();
        children.remove(child);
    }

    private synchronized void clear() {
        if (!cleared) {
            cleared = true;
            children.forEach(ChildProcess::kill);
            remove(directory);
        }
    }

    @Override
    public void close() {
        clear();
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    /** Removes a directory and all in it; what is gone already is fine. */
    public static void remove(Path directory) {
        try {
            FileTree.remove(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove: path=" + directory, e);
        }
    }
}
