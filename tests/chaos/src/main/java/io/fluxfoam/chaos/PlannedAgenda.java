package io.fluxfoam.chaos;

import java.util.ArrayList;
import java.util.List;

/** A plan, done in its rhythm. What could not begin until the end of its window, since its target was not back, is left out. */
final class PlannedAgenda implements Agenda {
    private final Rhythm rhythm;
    private final List<Torment> waiting;

    PlannedAgenda(Plan plan, Rhythm rhythm) {
        this.rhythm = rhythm;
        this.waiting = new ArrayList<>(plan.torments());
    }

    @Override
    public List<Torment> due(long nowMillis) {
        waiting.removeIf(torment -> rhythm.windowAt(torment.atMillis()) < rhythm.windowAt(nowMillis));
        return waiting.stream().filter(torment -> torment.atMillis() <= nowMillis).toList();
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
        return nowMillis >= rhythm.durationMillis();
    }

    @Override
    public int windowAt(long nowMillis) {
        return rhythm.windowAt(nowMillis);
    }
}
