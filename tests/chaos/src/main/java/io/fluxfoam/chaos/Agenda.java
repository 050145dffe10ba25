package io.fluxfoam.chaos;

import java.util.List;

/** What to do next. Belongs to the run's thread. */
interface Agenda {
    /** Torments whose time has come and that have not begun; each is offered again until it begins or its time is over. */
    List<Torment> due(long nowMillis);

    /** One of those that were due has begun. */
    void begun(Torment torment);

    /** A torment that has begun is over. */
    void ended(Torment torment);

    /** Whether nothing will be due any more. */
    boolean isOver(long nowMillis);

    /** Torments that somebody asked for and that will not be, since their targets were not ready for too long. */
    List<Torment> dropped();

    /** The window that this time belongs to. */
    int windowAt(long nowMillis);
}
