package io.fluxfoam.device;

/** The payload memory of one stream, all slots. Closing unmaps it and may be done twice. */
public interface Payload extends AutoCloseable {
    /** The device that the bytes live on. */
    Device device();

    /**
     * The bytes. On the host read-only for readers; what a reader has of a GPU's it must not write,
     * though it could.
     */
    DeviceMemory memory();

    @Override
    void close();
}
