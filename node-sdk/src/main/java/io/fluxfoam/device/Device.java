package io.fluxfoam.device;

import java.io.IOException;
import java.nio.file.Path;

/** A kind of memory that streams' payloads can live in. Implementations are thread-safe. */
public interface Device {
    /** The device's name: {@code host} or {@code cuda:N}. */
    String name();

    /** Allocates the payload of a new stream, for its writer. All bytes are there when it returns. */
    Payload create(Path file, long bytes) throws IOException;

    /** Opens the payload of a peer's stream, for reading only. */
    Payload open(Path file, long bytes) throws IOException;

    /**
     * The device of this name; {@code auto} is the best one that this machine has.
     *
     * @throws IllegalArgumentException if the name is none, or this build cannot use it
     */
    static Device of(String name) {
        return switch (name) {
            case "host", "auto" -> HostDevice.INSTANCE;
            default ->
                    throw new IllegalArgumentException(
                            "device is not available: device=" + name + " available=host,auto");
        };
    }
}
