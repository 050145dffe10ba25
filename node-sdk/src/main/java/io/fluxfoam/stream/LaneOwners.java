package io.fluxfoam.stream;

/**
 * Tells whether the owner of a lane is dead. Facts only: a node whose lock is held is not dead,
 * however slow.
 */
@FunctionalInterface
public interface LaneOwners {
    /** Nobody is ever dead. */
    LaneOwners IMMORTAL = owner -> false;

    /**
     * Whether the incarnation with this {@link io.fluxfoam.liveness.OwnerKey} is gone.
     *
     * @param owner key from a lane, never 0
     */
    boolean isDead(long owner);
}
