package io.fluxfoam.sensor;

import java.io.IOException;

/**
 * A source that cannot be opened or has failed for good; the message is one line for the user, with
 * the values in it.
 */
public final class SourceException extends IOException {
    private static final long serialVersionUID = 1;

    public SourceException(String message) {
        super(message);
    }

    public SourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
