package io.fluxfoam.chaos.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * A plan, done in its rhythm. A fault whose target is not back yet is put off: one of a written
 * plan for two minutes, after which it counts as dropped, one of a random plan until its window
 * ends.
 */
public final class PlannedSchedule implements FaultSchedule {
    private static final long WRITTEN_PATIENCE_MILLIS = 120_000;

    private final WindowSchedule windows;
    private final List<ScheduledFault> waiting;
    private final List<ScheduledFault> dropped = new ArrayList<>();
    private final boolean isWritten;

    public PlannedSchedule(FaultPlan plan, WindowSchedule windows, boolean isWritten) {
        this.windows = windows;
        this.isWritten = isWritten;
        this.waiting = new ArrayList<>(plan.faults());
    }

    @Override
    public List<ScheduledFault> due(long nowMillis) {
        List<ScheduledFault> tooLate =
                waiting.stream().filter(fault -> isTooLate(fault, nowMillis)).toList();
        waiting.removeAll(tooLate);
        if (isWritten) {
            dropped.addAll(tooLate);
        }
        return waiting.stream().filter(fault -> fault.atMillis() <= nowMillis).toList();
    }

    private boolean isTooLate(ScheduledFault fault, long nowMillis) {
        return isWritten
                ? nowMillis > fault.atMillis() + WRITTEN_PATIENCE_MILLIS
                : windows.windowAt(fault.atMillis()) < windows.windowAt(nowMillis);
    }

    @Override
    public void begun(ScheduledFault fault) {
        waiting.remove(fault);
    }

    @Override
    public void ended(ScheduledFault fault) {
        // the next one comes by the clock
    }

    @Override
    public boolean isOver(long nowMillis) {
        return nowMillis >= windows.durationMillis() && (!isWritten || waiting.isEmpty());
    }

    @Override
    public List<ScheduledFault> dropped() {
        return List.copyOf(dropped);
    }

    @Override
    public int windowAt(long nowMillis) {
        return windows.windowAt(nowMillis);
    }
}
