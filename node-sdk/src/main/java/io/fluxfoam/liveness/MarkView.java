package io.fluxfoam.liveness;

import static io.fluxfoam.liveness.MarkDescriptor.*;

import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.memory.SegmentWords;
import io.fluxfoam.memory.Texts;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

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
 * @param followsGoodbye whether the incarnation before this one stopped cleanly
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
        boolean followsGoodbye,
        List<String> command) {

    /** After this time without a heartbeat a living process is STALLED. */
    public static final long DEFAULT_STALL_TIMEOUT_MILLIS = 2_000;

    /** A node that starts more often than this during one look is shown as of the last of them. */
    private static final int MAX_LOOKS = 3;

    private static final Pattern TEXT = Pattern.compile("[a-z0-9:-]{1,64}");

    /** Reads a node's mark. */
    public static MarkView read(FoamDirectory foam, String node) throws IOException {
        return read(foam.mark(node), DEFAULT_STALL_TIMEOUT_MILLIS);
    }

    /** Reads a mark file with another stall timeout than the default. */
    public static MarkView read(Path path, long stallTimeoutMillis) throws IOException {
        try (PeerMark mark = PeerMark.open(path)) {
            return mark.look(stallTimeoutMillis);
        }
    }

    /** Asks the kernel whether the lock is held. */
    interface LockProbe {
        boolean isHeld() throws IOException;
    }

    /**
     * One look. The lock is probed between two readings of the incarnation: if it is free, then
     * that incarnation has ended, and not a younger one that took the lock since.
     *
     * @param before an earlier look, whose texts hold as long as the incarnation does; null if
     *     there was none
     */
    static MarkView view(
            Path path,
            MemorySegment bytes,
            LockProbe lock,
            long stallTimeoutMillis,
            @Nullable MarkView before)
            throws IOException {
        SegmentWords words = new SegmentWords(bytes);
        try {
            LayoutException.check(
                    path, words.getAcquire(MAGIC_AT), MAGIC, words.getInt(VERSION_AT), VERSION);
            for (int look = 1; ; look++) {
                long incarnation = words.getAcquire(INCARNATION_AT);
                boolean isHeld = lock.isHeld();
                MarkView start =
                        before != null && before.isOfSameStart(incarnation, words)
                                ? before
                                : decode(path, bytes, words, incarnation);
                MarkView view = start.at(words, isHeld, stallTimeoutMillis);
                words.fullFence();
                if (words.getAcquire(INCARNATION_AT) == incarnation || look == MAX_LOOKS) {
                    return view;
                }
            }
        } catch (IllegalArgumentException e) {
            throw new LayoutException(LayoutException.Kind.CORRUPT, path, e.getMessage());
        } catch (InternalError e) { // a page that is no longer there
            throw new LayoutException(
                    LayoutException.Kind.CORRUPT, path, "truncated while it was read");
        }
    }

    private boolean isOfSameStart(long newest, SegmentWords words) {
        return incarnation == newest
                && pid == words.get(PID_AT)
                && startedMillis == words.get(STARTED_AT);
    }

    private static MarkView decode(
            Path path, MemorySegment bytes, SegmentWords words, long incarnation) {
        String name = Texts.get(bytes, NODE_AT, TEXT_BYTES);
        if (!path.getFileName().toString().equals(name + FoamDirectory.MARK_SUFFIX)) {
            throw new IllegalArgumentException("node=" + Names.quote(name));
        }
        OwnerKey.of(name, incarnation);
        return new MarkView(
                name,
                text(bytes, ROLE_AT),
                text(bytes, DEVICE_AT),
                words.get(PID_AT),
                incarnation,
                words.get(STARTED_AT),
                NodeState.DEAD,
                0,
                words.getInt(PHASE_BEFORE_AT) == PHASE_STOPPED,
                command(bytes));
    }

    /** The same start at this moment. */
    private MarkView at(SegmentWords words, boolean isHeld, long stallTimeoutMillis) {
        long ageMillis =
                Math.max(0, (System.nanoTime() - words.getAcquire(HEARTBEAT_AT)) / 1_000_000);
        NodeState now;
        if (isHeld) {
            now = ageMillis > stallTimeoutMillis ? NodeState.STALLED : NodeState.ALIVE;
        } else {
            now =
                    words.getIntAcquire(PHASE_AT) == PHASE_STOPPED
                            ? NodeState.STOPPED
                            : NodeState.DEAD;
        }
        return new MarkView(
                name,
                role,
                device,
                pid,
                incarnation,
                startedMillis,
                now,
                ageMillis,
                followsGoodbye,
                command);
    }

    /**
     * A node that starts in another role or on another device rewrites the text under the eyes of
     * its readers.
     */
    private static String text(MemorySegment bytes, long offset) {
        String text = Texts.get(bytes, offset, TEXT_BYTES);
        return TEXT.matcher(text).matches() ? text : "unknown";
    }

    /** The same node in another state, for when only its lock can be read. */
    public MarkView withState(NodeState newState) {
        return new MarkView(
                name,
                role,
                device,
                pid,
                incarnation,
                startedMillis,
                newState,
                heartbeatAgeMillis,
                followsGoodbye,
                command);
    }

    private static List<String> command(MemorySegment bytes) {
        int length = bytes.get(ValueLayout.JAVA_INT, COMMAND_LENGTH_AT);
        if (length < 0 || length > COMMAND_BYTES) {
            throw new IllegalArgumentException("commandBytes=" + length);
        }
        byte[] line = bytes.asSlice(COMMAND_AT, length).toArray(ValueLayout.JAVA_BYTE);
        return length == 0
                ? List.of()
                : List.of(new String(line, StandardCharsets.UTF_8).split("\0", -1));
    }
}
