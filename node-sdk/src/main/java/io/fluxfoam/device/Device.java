package io.fluxfoam.device;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A kind of memory that streams' payloads can live in, and what works on it. Implementations are
 * thread-safe.
 */
public interface Device {
    /** The name of the device whose memory the CPU reaches. */
    String HOST = "host";

    /** The device's name: {@code host} or {@code cuda:N}. */
    String name();

    /** Whether the CPU reaches the device's memory. */
    default boolean isHost() {
        return name().equals(HOST);
    }

    /**
     * Allocates the payload of a new stream, for its writer. All bytes are there, and zero, when it
     * returns.
     */
    Payload create(Path file, long bytes) throws IOException;

    /** Opens the payload of a peer's stream, for reading only. */
    Payload open(Path file, long bytes) throws IOException;

    /** The calling thread's queue of work, the same at every call. Not for virtual threads. */
    WorkQueue queue();

    /** Memory of the device for this process alone. */
    Buffer allocate(long bytes);

    /** Host memory that the device copies from and to at full speed, for this process alone. */
    Buffer allocateHost(long bytes);

    /** The kernels of the heatmap, working in the calling thread's queue. */
    FusionKernels fusion();

    /** Whether a device may have this name, on whatever machine. */
    static boolean isName(String name) {
        return Devices.isName(name);
    }

    /**
     * The device of this name; {@code auto} is {@code cuda:0} where there is one, else {@code
     * host}, which is then said once on standard error.
     *
     * @throws IllegalArgumentException if the name is none, or this machine does not have the
     *     device
     */
    static Device of(String name) {
        return Devices.of(name);
    }

    /**
     * The name of the device that {@link #of} would give, without opening it.
     *
     * @throws IllegalArgumentException like {@link #of}
     */
    static String resolve(String name) {
        return Devices.resolve(name);
    }

    /**
     * Opens the payload of a peer's stream on the device that it lives on, whatever that device's
     * number is here.
     *
     * @param device name of the device in the peer's process
     * @throws IOException if this process cannot reach the device, or the peer is gone
     */
    static Payload openPayload(String device, Path file, long bytes) throws IOException {
        return Devices.openPayload(device, file, bytes);
    }
}
