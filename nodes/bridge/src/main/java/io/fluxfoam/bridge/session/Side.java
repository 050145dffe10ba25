package io.fluxfoam.bridge.session;

/** The two sides of a session. */
public enum Side {
    /** Called, and imports. */
    CALLER,
    /** Was called, and exports. */
    HOST
}
