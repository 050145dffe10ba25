package io.fluxfoam.device;

import java.io.Serial;

/**
 * A device, or what drives it, refused or failed a call. The message has the call and its values.
 */
public abstract class DeviceException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    /** A failed call. */
    protected DeviceException(String message) {
        super(message);
    }
}
