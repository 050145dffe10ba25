package io.fluxfoam.chaos;

import java.util.ArrayList;
import java.util.List;

/**
 * A plan, done in its rhythm. A torment whose target is not back yet is put off: one of a written plan for two minutes, after
 * which it counts as dropped, one of a random plan until its window ends.
 */
final class PlannedAgenda implements Agenda {
    private static final long WRITTEN_PATIENCE_MILLIS = 120_000;

    private final Rhythm rhythm;
    private final List<Torment> waiting;
    private final List<Torment> dropped = new ArrayList<>();
    private final boolean isWritten;

    PlannedAgenda(Plan plan, Rhythm rhythm, boolean isWritten) {
        this.rhythm = rhythm;
        this.isWritten = isWritten;
        this.waiting = new ArrayList<>(plan.torments());
    }

    @Override
    public List<Torment> due(long nowMillis) {
        List<Torment> tooLate = waiting.stream().filter(torment -> isTooLate(torment, nowMillis)).toList();
        waiting.removeAll(tooLate);
        if (isWritten) {
            dropped.addAll(tooLate);
        }
        return waiting.stream().filter(torment -> torment.atMillis() <= nowMillis).toList();
    }

    private boolean isTooLate(Torment torment, long nowMillis) {
        return isWritten
                ? nowMillis > torment.atMillis() + WRITTEN_PATIENCE_MILLIS
                : rhythm.windowAt(torment.atMillis()) < rhythm.windowAt(nowMillis);
    }

    @Override
    public void begun(Torment torment) {
        waiting.remove(torment);
    }

    @Override
    public void ended(Torment torment) {
        // the next one comes by the clock
    }

    @Override
    public boolean isOver(long nowMillis) {
        return nowMillis >= rhythm.durationMillis() && (!isWritten || waiting.isEmpty());
    }

    @Override
    public List<Torment> dropped() {
        return List.copyOf(dropped);
    }

    @Override
    public int windowAt(long nowMillis) {
        return rhythm.windowAt(nowMillis);
    }
}
