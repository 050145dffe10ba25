package io.fluxfoam.chaos;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * What a guest does in the foam, step by step. It has to come to its end: a guest that dies when it should live, or does not
 * do what it came for, is a hung node.
 */
final class Visit implements Ordeal {
    private final Ground ground;
    private final Guest guest;
    private final Deque<Step> script = new ArrayDeque<>();
    private Debts.Debt debt;
    private Witnesses witnesses;
    private long diedNs;
    private long backNs;
    private int deaths;
    private int hungNodes;
    private boolean mustLive;

    /** One step, asked again and again until it is done. */
    @FunctionalInterface
    interface Step {
        boolean isDone(long nowNs) throws IOException;
    }

    Visit(Ground ground, Guest guest) {
        this.ground = ground;
        this.guest = guest;
    }

    /** Begins a life that is to end by itself. */
    Visit dies(String... options) {
        return at(nowNs -> start(false, options)).at(nowNs -> hasDied());
    }

    /** Begins a life that is to last until it is ended, and waits for its first commit. */
    Visit lives(String... options) {
        return at(nowNs -> start(true, options)).at(nowNs -> hasCommitted());
    }

    /** {@code kill -9}. */
    Visit isKilled() {
        return at(
                nowNs -> {
                    mustLive = false;
                    guest.kill();
                    return true;
                })
                .at(nowNs -> hasDied());
    }

    /** Stays until this holds. */
    Visit until(Step step) {
        return at(step);
    }

    /** Waits until everybody has seen its death, and lets it end cleanly. */
    Visit leaves() {
        return at(nowNs -> isSeen(nowNs))
                .at(
                        nowNs -> {
                            mustLive = false;
                            guest.terminate();
                            return true;
                        })
                .at(nowNs -> !guest.isRunning());
    }

    private Visit at(Step step) {
        script.add(step);
        return this;
    }

    private boolean start(boolean lasts, String... options) throws IOException {
        settle(); // of the life before, which has ended
        debt =
                ground.debts()
                        .incur(
                                guest.name() + " leaves",
                                () -> guest.start(List.of(options)),
                                () -> Guest.dismiss(List.of(guest)));
        mustLive = lasts;
        return true;
    }

    private void settle() {
        if (debt != null) {
            debt.settle();
        }
    }

    private boolean hasDied() {
        if (guest.isRunning()) {
            return false;
        }
        deaths++;
        diedNs = System.nanoTime();
        guest.mark().ifPresent(mark -> witnesses = new Witnesses(ground.herd(), mark, Set.of(mark.name())));
        ground.events().accept(guest.name(), "died, exit code " + guest.exitCode());
        return true;
    }

    private boolean hasCommitted() throws IOException {
        if (guest.hasCommitted()) {
            backNs = System.nanoTime();
            return true;
        }
        return false;
    }

    private boolean isSeen(long nowNs) throws IOException {
        return witnesses == null || witnesses.isOver();
    }

    @Override
    public boolean turn(long nowNs) throws IOException {
        if (witnesses != null && !witnesses.isOver()) {
            witnesses.look(System.nanoTime());
        }
        if (mustLive && !guest.isRunning()) {
            ground.events().accept(guest.name(), "ended by itself, exit code " + guest.exitCode());
            hungNodes++;
            settle();
            return true;
        }
        while (!script.isEmpty() && script.peek().isDone(nowNs)) {
            script.remove();
        }
        if (script.isEmpty()) {
            settle();
        }
        return script.isEmpty();
    }

    @Override
    public void abandon() throws IOException {
        hungNodes++;
        if (debt != null) {
            debt.pay();
        }
    }

    @Override
    public List<Victim> victims() {
        return List.of();
    }

    @Override
    public int kills() {
        return deaths;
    }

    @Override
    public int hungNodes() {
        return hungNodes;
    }

    @Override
    public boolean isAbout(String node) {
        return node.equals(guest.name());
    }

    @Override
    public Double detectMillis() {
        Long seenNs = witnesses == null ? null : witnesses.lastSeenNs();
        return seenNs == null ? null : Math.max(0, seenNs - diedNs) / 1e6;
    }

    @Override
    public Double rejoinMillis() {
        return diedNs == 0 || backNs < diedNs ? null : (backNs - diedNs) / 1e6;
    }
}
