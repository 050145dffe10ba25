package io.fluxfoam.coordinator.status;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * One node, as its mark, its counters and its streams tell.
 *
 * @param state {@code ALIVE}, {@code STALLED}, {@code DEAD} or {@code STOPPED}
 * @param heartbeatAgeMillis since the heartbeat last moved
 * @param restarts incarnation - 1
 * @param standbys processes that wait to take its name over, ready or not
 * @param device where its streams' payload lives: {@code host} or {@code cuda:N}
 * @param streams those of its newest incarnation
 * @param errors distinct entries of its error log
 * @param copiedBytes what its newest incarnation had to copy from one device to another
 * @param language what its card says it is written in; null if it shows none, as before its start
 *     and after its end
 * @param reads what its manifest says that it reads, {@code NODE/STREAM} or {@code *}{@code
 *     /STREAM}; null if nobody has looked
 * @param origin of a mirror: whose it is, {@code NODE@BOX}; else null
 * @param link of a mirror: how its box is reached; else null
 */
public record NodeStatus(
        String name,
        String role,
        Long pid,
        Long incarnation,
        String state,
        Double heartbeatAgeMillis,
        Long restarts,
        Long standbys,
        String device,
        List<StreamStatus> streams,
        @Nullable Long errors,
        @Nullable Long copiedBytes,
        @Nullable String language,
        @Nullable List<String> reads,
        @Nullable String origin,
        @Nullable LinkStatus link) {
    public NodeStatus {
        streams = List.copyOf(streams);
        reads = reads == null ? null : List.copyOf(reads);
    }

    /** The same with what its manifest says that it reads. */
    public NodeStatus withReads(@Nullable List<String> declared) {
        return new NodeStatus(
                name,
                role,
                pid,
                incarnation,
                state,
                heartbeatAgeMillis,
                restarts,
                standbys,
                device,
                streams,
                errors,
                copiedBytes,
                language,
                declared,
                origin,
                link);
    }
}
