package io.fluxfoam.coordinator.status;

import java.util.List;

/**
 * One node, as its mark, its counters and its streams tell.
 *
 * @param state {@code ALIVE}, {@code STALLED}, {@code DEAD} or {@code STOPPED}
 * @param heartbeatAgeMillis since the heartbeat last moved
 * @param restarts incarnation - 1
 * @param device where its streams' payload lives: {@code host} or {@code cuda:N}
 * @param streams those of its newest incarnation
 * @param errors distinct entries of its error log
 * @param copiedBytes what its newest incarnation had to copy from one device to another
 */
public record NodeStatus(
        String name,
        String role,
        Long pid,
        Long incarnation,
        String state,
        Double heartbeatAgeMillis,
        Long restarts,
        String device,
        List<StreamStatus> streams,
        Long errors,
        Long copiedBytes) {
    public NodeStatus {
        streams = List.copyOf(streams);
    }
}
