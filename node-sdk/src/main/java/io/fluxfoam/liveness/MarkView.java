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
import java.util.List;

/**
 * What a mark file says at one moment, read without disturbing its owner.
 *
 * @param name node name
 * @param role what the node is
 * @param device where its payloads live
 * @param pid process id of the newest incarnation
 * @param incarnation number of the newest start
 * @param startedMillis when it started, milliseconds since the epoch
 * @param state ALIVE, STALLED, DEAD or STOPPED
 * @param heartbeatAgeMillis milliseconds since the duty cycle's last turn
 * @param command command line that starts it again; empty if it was too long to keep
 */
public record MarkView(
        String name,
        String role,
        String device,
        long pid,
        long incarnation,
        long startedMillis,
        NodeState state,
        long heartbeatAgeMillis,
        List<String> command) {

    /** After this time without a heartbeat a living process is STALLED. */
    public static final long DEFAULT_STALL_TIMEOUT_MILLIS = 2_000;

    /** Reads a node's mark. */
    public static MarkView read(FoamDirectory foam, String node) throws IOException {
        return read(foam.mark(node), DEFAULT_STALL_TIMEOUT_MILLIS);
    }

    /** Reads a mark file with another stall timeout than the default. */
    public static MarkView read(Path path, long stallTimeoutMillis) throws IOException {
        MappedFile.checkOwned(path);
        if (Files.size(path) < BYTES) {
            throw new LayoutException(LayoutException.Kind.BEING_CREATED, path, "bytes=" + Files.size(path));
        }
        int fd = Posix.openReadOnly(path);
        try (MappedFile file = MappedFile.openReadOnly(path)) {
            return view(path, file.segment(), Posix.isLocked(fd), stallTimeoutMillis);
        } finally {
            Posix.close(fd);
        }
    }

    static MarkView view(Path path, MemorySegment bytes, boolean locked, long stallTimeoutMillis)
            throws LayoutException {
        SegmentWords words = new SegmentWords(bytes);
        LayoutException.check(path, words.getAcquire(MAGIC_AT), MAGIC, words.getInt(VERSION_AT), VERSION);
        long ageMillis = Math.max(0, (System.nanoTime() - words.getAcquire(HEARTBEAT_AT)) / 1_000_000);
        NodeState state;
        if (locked) {
            state = ageMillis > stallTimeoutMillis ? NodeState.STALLED : NodeState.ALIVE;
        } else {
            state = words.getIntAcquire(PHASE_AT) == PHASE_STOPPED ? NodeState.STOPPED : NodeState.DEAD;
        }
        try {
            return new MarkView(
                    Texts.get(bytes, NODE_AT, TEXT_BYTES),
                    Texts.get(bytes, ROLE_AT, TEXT_BYTES),
                    Texts.get(bytes, DEVICE_AT, TEXT_BYTES),
                    words.get(PID_AT),
                    words.get(INCARNATION_AT),
                    words.get(STARTED_AT),
                    state,
                    ageMillis,
                    command(path, bytes));
        } catch (IllegalArgumentException e) {
            throw new LayoutException(LayoutException.Kind.CORRUPT, path, e.getMessage());
        }
    }

    private static List<String> command(Path path, MemorySegment bytes) throws LayoutException {
        int length = bytes.get(ValueLayout.JAVA_INT, COMMAND_LENGTH_AT);
        if (length < 0 || length > COMMAND_BYTES) {
            throw new LayoutException(LayoutException.Kind.CORRUPT, path, "commandBytes=" + length);
        }
        byte[] line = bytes.asSlice(COMMAND_AT, length).toArray(ValueLayout.JAVA_BYTE);
        return length == 0 ? List.of() : List.of(new String(line, StandardCharsets.UTF_8).split("\0", -1));
    }
}
