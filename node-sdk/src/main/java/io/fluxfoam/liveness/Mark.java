package io.fluxfoam.liveness;

import static io.fluxfoam.liveness.MarkDescriptor.*;

import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.memory.SegmentWords;
import io.fluxfoam.memory.Texts;
import io.fluxfoam.memory.Words;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/**
 * A node's own mark file: holding it is being alive. The lock is taken in {@link #acquire} and
 * freed by {@link #close} or by the kernel on any death. Closing after {@link #stopped()} is the
 * clean goodbye, closing without it looks like a death.
 */
public final class Mark implements AutoCloseable {
    private final MarkLock lock;
    private final MappedFile file;
    private final Words words;
    private final long incarnation;
    private boolean closed;

    private Mark(MarkLock lock, MappedFile file, Words words, long incarnation) {
        this.lock = lock;
        this.file = file;
        this.words = words;
        this.incarnation = incarnation;
    }

    /**
     * Takes the name and begins a new incarnation.
     *
     * @throws NameTakenException if a living process has the name
     */
    public static Mark acquire(
            FoamDirectory foam, String node, String role, String device, String[] command)
            throws IOException {
        return acquire(foam, node, role, device, command, 1);
    }

    /**
     * The same with a number of at least this: for a node that plays a recorded one.
     *
     * @throws NameTakenException if a living process has the name
     */
    public static Mark acquire(
            FoamDirectory foam,
            String node,
            String role,
            String device,
            String[] command,
            long leastIncarnation)
            throws IOException {
        OwnerKey.of(node, leastIncarnation);
        return acquire(foam, node, role, device, command, leastIncarnation, words -> words);
    }

    static Mark acquire(
            FoamDirectory foam,
            String node,
            String role,
            String device,
            String[] command,
            UnaryOperator<Words> wrapper)
            throws IOException {
        return acquire(foam, node, role, device, command, 1, wrapper);
    }

    private static Mark acquire(
            FoamDirectory foam,
            String node,
            String role,
            String device,
            String[] command,
            long leastIncarnation,
            UnaryOperator<Words> wrapper)
            throws IOException {
        return begin(MarkLock.take(foam, node), role, device, command, leastIncarnation, wrapper);
    }

    /**
     * Begins a new incarnation under a name that was taken. The lock is the mark's from now on, and
     * is freed if this fails.
     */
    public static Mark begin(
            MarkLock lock, String role, String device, String[] command, long leastIncarnation)
            throws IOException {
        return begin(lock, role, device, command, leastIncarnation, words -> words);
    }

    private static Mark begin(
            MarkLock lock,
            String role,
            String device,
            String[] command,
            long leastIncarnation,
            UnaryOperator<Words> wrapper)
            throws IOException {
        try {
            MappedFile file = lock.map();
            try {
                long before = Math.max(highestLeft(lock.foam(), lock.node()), leastIncarnation - 1);
                return begin(lock, file, wrapper, before, role, device, command);
            } catch (IOException | RuntimeException | Error e) {
                file.close();
                throw e;
            }
        } catch (IOException | RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    /**
     * The highest incarnation that a file of this name still bears, for when the mark that knew it
     * was lost.
     */
    private static long highestLeft(FoamDirectory foam, String node) throws IOException {
        long highest = 0;
        for (FoamDirectory.Owned file : foam.filesOf(node)) {
            highest =
                    file.incarnation() < OwnerKey.MAX_INCARNATION
                            ? Math.max(highest, file.incarnation())
                            : highest;
        }
        return highest;
    }

    private static Mark begin(
            MarkLock lock,
            MappedFile file,
            UnaryOperator<Words> wrapper,
            long highestLeft,
            String role,
            String device,
            String[] command)
            throws IOException {
        MemorySegment bytes = file.segment();
        Words words = wrapper.apply(new SegmentWords(bytes));
        long magic = words.getAcquire(MAGIC_AT);
        long before = highestLeft;
        if (magic != 0) {
            LayoutException.check(file.path(), magic, MAGIC, words.getInt(VERSION_AT), VERSION);
            before = Math.max(before, words.get(INCARNATION_AT));
        }
        if (before < 0 || before >= OwnerKey.MAX_INCARNATION) {
            throw new LayoutException(
                    LayoutException.Kind.CORRUPT, file.path(), "incarnation=" + before);
        }
        Mark mark = new Mark(lock, file, words, before + 1);
        int phaseBefore = words.getInt(PHASE_AT);
        words.setIntRelease(PHASE_AT, PHASE_RUNNING);
        words.setInt(PHASE_BEFORE_AT, phaseBefore);
        words.setInt(VERSION_AT, VERSION);
        words.set(PID_AT, ProcessHandle.current().pid());
        words.set(STARTED_AT, System.currentTimeMillis());
        putText(bytes, NODE_AT, lock.node());
        putText(bytes, ROLE_AT, role);
        putText(bytes, DEVICE_AT, device);
        putCommand(bytes, command);
        words.setRelease(HEARTBEAT_AT, System.nanoTime());
        words.setRelease(INCARNATION_AT, mark.incarnation);
        words.setRelease(MAGIC_AT, MAGIC);
        return mark;
    }

    /** What is there already is not written again: somebody may be reading it. */
    private static void putText(MemorySegment bytes, long offset, String text) {
        MemorySegment field = MemorySegment.ofArray(new byte[TEXT_BYTES]);
        Texts.put(field, 0, TEXT_BYTES, text);
        putIfOther(field, bytes.asSlice(offset, TEXT_BYTES));
    }

    /** A command line that does not fit is left out: a cut one would start something else. */
    private static void putCommand(MemorySegment bytes, String[] command) {
        byte[] line = String.join("\0", command).getBytes(StandardCharsets.UTF_8);
        int length = line.length <= COMMAND_BYTES ? line.length : 0;
        putIfOther(
                MemorySegment.ofArray(line).asSlice(0, length), bytes.asSlice(COMMAND_AT, length));
        bytes.set(ValueLayout.JAVA_INT, COMMAND_LENGTH_AT, length);
    }

    private static void putIfOther(MemorySegment source, MemorySegment target) {
        if (source.mismatch(target) >= 0) {
            target.copyFrom(source);
        }
    }

    /** Number of this start of this name, from 1. */
    public long incarnation() {
        return incarnation;
    }

    /** Moves the heartbeat to this CLOCK_MONOTONIC time. */
    public void beat(long nowNs) {
        words.setRelease(HEARTBEAT_AT, nowNs);
    }

    /**
     * Whether the foam still has this very file under the node's name; without it nobody can tell
     * that we live.
     */
    public boolean isInPlace() throws IOException {
        return lock.isInPlace();
    }

    /** Says goodbye: from now on the node is STOPPED as soon as the lock is free. */
    public void stopped() {
        words.setIntRelease(PHASE_AT, PHASE_STOPPED);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            lock.close();
            file.close();
        }
    }
}
