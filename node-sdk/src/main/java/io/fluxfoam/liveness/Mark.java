package io.fluxfoam.liveness;

import static io.fluxfoam.liveness.MarkDescriptor.*;

import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.memory.Posix;
import io.fluxfoam.memory.SegmentWords;
import io.fluxfoam.memory.Texts;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A node's own mark file: holding it is being alive. The lock is taken in {@link #acquire} and freed by {@link #close} or
 * by the kernel on any death. {@link #beat} may be called from one thread; closing after {@link #stopped()} is the clean
 * goodbye, closing without it looks like a death.
 */
public final class Mark implements AutoCloseable {
    private final int fd;
    private final MappedFile file;
    private final SegmentWords words;
    private final long incarnation;
    private boolean closed;

    private Mark(int fd, MappedFile file, long incarnation) {
        this.fd = fd;
        this.file = file;
        this.words = new SegmentWords(file.segment());
        this.incarnation = incarnation;
    }

    /**
     * Takes the name and begins a new incarnation.
     *
     * @throws NameTakenException if a living process has the name
     */
    public static Mark acquire(FoamDirectory foam, String node, String role, String device, String[] command)
            throws IOException {
        Path path = foam.mark(node);
        refuseSameHash(foam, node);
        int fd = Posix.open(path, true);
        try {
            if (!Posix.tryLock(fd)) {
                throw new NameTakenException(node, MarkView.read(foam, node));
            }
            if (Files.size(path) < BYTES) {
                extend(path);
            }
            MappedFile file = MappedFile.openReadWrite(path);
            try {
                return begin(fd, file, node, role, device, command);
            } catch (IOException | RuntimeException | Error e) {
                file.close();
                throw e;
            }
        } catch (IOException | RuntimeException | Error e) {
            Posix.close(fd);
            throw e;
        }
    }

    private static void refuseSameHash(FoamDirectory foam, String node) throws IOException {
        for (String other : foam.nodes()) {
            if (!other.equals(node) && OwnerKey.hash(other) == OwnerKey.hash(node)) {
                throw new IOException("name collides with that of another node: name=" + node + " other=" + other);
            }
        }
    }

    private static void extend(Path path) throws IOException {
        MappedFile.allocate(path, BYTES);
    }

    private static Mark begin(
            int fd, MappedFile file, String node, String role, String device, String[] command) throws IOException {
        MemorySegment bytes = file.segment();
        SegmentWords words = new SegmentWords(bytes);
        long magic = words.getAcquire(MAGIC_AT);
        long before = 0;
        if (magic != 0) {
            LayoutException.check(file.path(), magic, MAGIC, words.getInt(VERSION_AT), VERSION);
            before = words.get(INCARNATION_AT);
        }
        Mark mark = new Mark(fd, file, before + 1);
        OwnerKey.of(node, mark.incarnation); // refuses an incarnation that has run out of its 24 bits
        words.setInt(VERSION_AT, VERSION);
        words.set(PID_AT, ProcessHandle.current().pid());
        words.set(STARTED_AT, System.currentTimeMillis());
        Texts.put(bytes, NODE_AT, TEXT_BYTES, node);
        Texts.put(bytes, ROLE_AT, TEXT_BYTES, role);
        Texts.put(bytes, DEVICE_AT, TEXT_BYTES, device);
        putCommand(bytes, command);
        words.setRelease(HEARTBEAT_AT, System.nanoTime());
        words.setRelease(INCARNATION_AT, mark.incarnation);
        words.setIntRelease(PHASE_AT, PHASE_RUNNING);
        words.setRelease(MAGIC_AT, MAGIC);
        return mark;
    }

    /** A command line that does not fit is left out: a cut one would start something else. */
    private static void putCommand(MemorySegment bytes, String[] command) {
        byte[] line = String.join("\0", command).getBytes(StandardCharsets.UTF_8);
        int length = line.length <= COMMAND_BYTES ? line.length : 0;
        bytes.set(ValueLayout.JAVA_INT, COMMAND_LENGTH_AT, length);
        MemorySegment.copy(line, 0, bytes, ValueLayout.JAVA_BYTE, COMMAND_AT, length);
    }

    /** Number of this start of this name, from 1. */
    public long incarnation() {
        return incarnation;
    }

    /** Moves the heartbeat to this CLOCK_MONOTONIC time. */
    public void beat(long nowNs) {
        words.setRelease(HEARTBEAT_AT, nowNs);
    }

    /** Says goodbye: from now on the node is STOPPED as soon as the lock is free. */
    public void stopped() {
        words.setIntRelease(PHASE_AT, PHASE_STOPPED);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Posix.close(fd);
            file.close();
        }
    }
}
