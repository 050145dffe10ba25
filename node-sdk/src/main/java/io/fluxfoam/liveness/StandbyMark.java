package io.fluxfoam.liveness;

import io.fluxfoam.memory.Posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where others see that a process waits for a node's name: a file {@code NODE.standby-PID} that it
 * holds locked. It says {@code ready} once the process has nothing left to do but to wait. What the
 * dead leave is removed by the next that waits.
 */
public final class StandbyMark implements AutoCloseable {
    private static final String INFIX = ".standby-";
    private static final Pattern FILE =
            Pattern.compile("(" + Names.NODE + ")\\.standby-(\\d{1,18})");
    private static final String SCRATCH = ".scratch";
    private static final String READY = "ready\n";

    private final Path file;
    private final int fd;
    private boolean isClosed;

    private StandbyMark(Path file, int fd) {
        this.file = file;
        this.fd = fd;
    }

    /**
     * A process that waits.
     *
     * @param ready whether it could go on at once
     */
    public record Waiting(String node, long pid, boolean ready) {}

    /** Shows that this process waits for the name. */
    public static StandbyMark raise(FoamDirectory foam, String node) throws IOException {
        removeDead(foam, node);
        Path file =
                foam.path().resolve(Names.checkNode(node) + INFIX + ProcessHandle.current().pid());
        while (true) {
            int fd = Posix.open(file, true);
            if (!Posix.tryLock(fd)) { // in another PID namespace
                Posix.close(fd);
                throw new IOException("another process of this id stands by: path=" + file);
            }
            // Between the two another one may have taken it for a dead one's.
            if (Posix.isSameFile(fd, file)) {
                return new StandbyMark(file, fd);
            }
            Posix.close(fd);
        }
    }

    private static void removeDead(FoamDirectory foam, String node) throws IOException {
        for (String name : foam.list()) {
            Matcher found = FILE.matcher(name);
            if (found.matches()
                    && found.group(1).equals(node)
                    && !isHeld(foam.path().resolve(name))) {
                FileTree.remove(foam.path().resolve(name + SCRATCH));
                Files.deleteIfExists(foam.path().resolve(name));
            }
        }
    }

    private static boolean isHeld(Path file) throws IOException {
        try {
            int fd = Posix.openReadOnly(file);
            try {
                return Posix.isLocked(fd);
            } finally {
                Posix.close(fd);
            }
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** All that wait in this foam. */
    public static List<Waiting> in(FoamDirectory foam) throws IOException {
        List<Waiting> waiting = new ArrayList<>();
        for (String name : foam.list()) {
            Matcher found = FILE.matcher(name);
            Path file = foam.path().resolve(name);
            if (found.matches() && isHeld(file)) {
                waiting.add(
                        new Waiting(found.group(1), Long.parseLong(found.group(2)), isReady(file)));
            }
        }
        return waiting;
    }

    private static boolean isReady(Path file) throws IOException {
        try {
            return Files.size(file) > 0;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** A directory for what it tries out beforehand; not there yet, and its own to remove. */
    public Path scratch() {
        return file.resolveSibling(file.getFileName() + SCRATCH);
    }

    /** Says that there is nothing left to do but to wait. */
    public void ready() throws IOException {
        Files.writeString(file, READY);
    }

    /** Waits no longer. */
    @Override
    public synchronized void close() {
        if (!isClosed) {
            isClosed = true;
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                // unlocked, it is a dead one's
            }
            Posix.close(fd);
        }
    }
}
