package io.fluxfoam.device.cuda;

/** Whether this process can use CUDA. */
public enum CudaStatus {
    /** The driver's library is not there, does not load, is too old, or refuses to start. */
    NO_DRIVER,
    /** A driver without a device that this process may use, or with one that does not answer. */
    NO_DEVICE,
    /** The driver is there, but our native binding to it cannot be installed or loaded. */
    NO_BINDING,
    /** At least one device can be used. */
    READY
}
