package io.fluxfoam.tape;

import io.fluxfoam.manifest.Manifest;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is on a tape so far, as far as who goes on writing it has to know: who lives by it, and the
 * last tensor of each stream.
 */
public final class TapeState {
    private static final Pattern WRITTEN = Pattern.compile("\\{\"wallMillis\":(\\d{1,18}),");
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Map<String, Manifest> newest = new HashMap<>();
    private final Set<String> ended = new HashSet<>();
    private final Map<String, Last> last = new HashMap<>();
    private long foamCreatedMillis;
    private long session;
    private long wallNs;
    private long journalMillis;

    private record Last(long incarnation, long sequence) {}

    TapeState() {}

    void take(TapeEntry entry) {
        switch (entry) {
            case TapeEntry.Session begun -> {
                foamCreatedMillis = begun.foamCreatedMillis();
                session = begun.session();
                journalMillis =
                        journalMillis == 0 ? begun.wallNs() / NANOS_PER_MILLI : journalMillis;
                wallNs = Math.max(wallNs, begun.wallNs());
            }
            case TapeEntry.Joined joined -> {
                String node = joined.manifest().node();
                if (incarnation(node) != joined.manifest().incarnation()) {
                    newest.put(node, joined.manifest());
                    ended.remove(node);
                }
                wallNs = Math.max(wallNs, joined.wallNs());
            }
            case TapeEntry.Ended end -> {
                ended.add(end.node());
                wallNs = Math.max(wallNs, end.wallNs());
            }
            case TapeEntry.Noted noted -> {
                Matcher written = WRITTEN.matcher(noted.json());
                if (written.lookingAt()) {
                    journalMillis = Math.max(journalMillis, Long.parseLong(written.group(1)));
                }
                wallNs = Math.max(wallNs, noted.wallNs());
            }
            case TapeEntry.Tensor tensor ->
                    wrote(tensor.target(), tensor.incarnation(), tensor.sequence());
        }
    }

    void wrote(String target, long incarnation, long sequence) {
        last.put(target, new Last(incarnation, sequence));
    }

    /** The newest incarnation of a node that has joined on the tape; 0 if none has. */
    public long incarnation(String node) {
        Manifest manifest = newest.get(node);
        return manifest == null ? 0 : manifest.incarnation();
    }

    /** The manifest of the newest incarnation of a node, if it lives by the tape. */
    public Optional<Manifest> living(String node) {
        return Optional.ofNullable(newest.get(node)).filter(manifest -> !ended.contains(node));
    }

    /** All that live by the tape. */
    Collection<Manifest> living() {
        return newest.values().stream()
                .filter(manifest -> !ended.contains(manifest.node()))
                .toList();
    }

    /** Sequence of the last tensor of a stream of this incarnation; 0 if there is none. */
    public long sequence(String target, long incarnation) {
        Last found = last.get(target);
        return found == null || found.incarnation() != incarnation ? 0 : found.sequence();
    }

    /** Whether any tensor of the stream is there, of whichever incarnation. */
    public boolean knows(String target) {
        return last.containsKey(target);
    }

    /** When the foam was created that was recorded; 0 if nothing is there. */
    long foamCreatedMillis() {
        return foamCreatedMillis;
    }

    long session() {
        return session;
    }

    /**
     * Up to when the journals are on it, milliseconds since 1970; 0 if nothing is there. What was
     * written before the first recorder began is not.
     */
    public long journalMillis() {
        return journalMillis;
    }

    /** When the last thing was written that is no tensor, nanoseconds since 1970. */
    long wallNs() {
        return wallNs;
    }
}
