package io.fluxfoam.chaos;

import java.io.IOException;
import java.util.List;
import java.util.Objects;

/** A torment while it happens. It begins when it is made, never waits, and is turned until it is over. */
interface Ordeal {
    /** One turn; returns whether it is over. */
    boolean turn(long nowNs) throws IOException;

    /** Lives that it ended. */
    List<Victim> victims();

    /** Whether it uses this node, so that no other torment may be aimed at it. */
    boolean isAbout(String node);

    /** Processes that it ended. */
    default int kills() {
        return victims().size();
    }

    /** Gives up: it has taken too long. */
    default void abandon() throws IOException {}

    /** Nodes that it found unable to go on; known when it is over. */
    default int hungNodes() {
        return 0;
    }

    /** The slowest detection of its victims. */
    default Double detectMillis() {
        return victims().stream().map(Victim::detectMillis).filter(Objects::nonNull).max(Double::compare).orElse(null);
    }

    /** The slowest return of its victims, null if one is not back. */
    default Double rejoinMillis() {
        boolean allBack = !victims().isEmpty() && victims().stream().allMatch(victim -> victim.rejoinMillis() != null);
        return allBack ? victims().stream().map(Victim::rejoinMillis).max(Double::compare).orElse(null) : null;
    }
}
