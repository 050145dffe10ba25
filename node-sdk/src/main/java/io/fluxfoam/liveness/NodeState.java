package io.fluxfoam.liveness;

/**
 * What the mark file says of a node. DEAD is not STALLED: a stalled process still owns its memory
 * and its leases.
 */
public enum NodeState {
    /** The lock is held and the heartbeat moves. */
    ALIVE,
    /** The lock is held, but the heartbeat has not moved for longer than the stall timeout. */
    STALLED,
    /** The lock is free and the node said no goodbye. */
    DEAD,
    /** The node ended cleanly. */
    STOPPED;

    /** Whether a process holds the node's lock. */
    public boolean isHeld() {
        return this == ALIVE || this == STALLED;
    }
}
