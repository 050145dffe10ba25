package io.fluxfoam.bridge.session;

import java.io.IOException;

/** The other side is there, and the two do not belong together. */
public final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
        super(message);
    }
}
