package io.fluxfoam.chaos.plan;

import java.util.List;

/** What to do next. Belongs to the run's thread. */
public interface FaultSchedule {
    /**
     * Faults whose time has come and that have not begun; each is offered again until it begins or
     * its time is over.
     */
    List<ScheduledFault> due(long nowMillis);

    /** One of those that were due has begun. */
    void begun(ScheduledFault fault);

    /** A fault that has begun is over. */
    void ended(ScheduledFault fault);

    /** Whether nothing will be due any more. */
    boolean isOver(long nowMillis);

    /**
     * Faults that somebody asked for and that will not be, since their targets were not ready for
     * too long.
     */
    List<ScheduledFault> dropped();

    /** The window that this time belongs to. */
    int windowAt(long nowMillis);
}
