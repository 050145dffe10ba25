package io.fluxfoam.coordinator.status;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * One stream of a node's newest incarnation.
 *
 * @param dtype lower case: {@code u8}, {@code f32}, ...
 * @param shape the largest shape that a slot holds
 * @param sequence of the newest commit
 * @param ratePerSecond commits per second over the last 2 s, kept by the writer
 * @param readers lanes that a live reader owns
 * @param readBy names of those readers, each once
 */
public record StreamStatus(
        String name,
        String dtype,
        List<Long> shape,
        Long slots,
        Long sequence,
        @Nullable Double ratePerSecond,
        Long readers,
        List<String> readBy) {
    public StreamStatus {
        shape = List.copyOf(shape);
        readBy = List.copyOf(readBy);
    }
}
