package io.fluxfoam.chaos.fault;

import io.fluxfoam.chaos.check.DeathDetection;
import io.fluxfoam.chaos.guest.Guest;
import io.fluxfoam.chaos.process.CleanupStack;
import io.fluxfoam.chaos.process.FoamUnderTest;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * What a guest does in the foam, step by step. It has to come to its end: a guest that dies when it
 * should live, or does not do what it came for, is a hung node.
 */
final class GuestScript implements FaultExecution {
    private final FoamUnderTest tested;
    private final Guest guest;
    private final Deque<Step> script = new ArrayDeque<>();
    private CleanupStack.Entry entry;
    private DeathDetection detection;
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

    GuestScript(FoamUnderTest tested, Guest guest) {
        this.tested = tested;
        this.guest = guest;
    }

    /** Begins a life that is to end by itself. */
    GuestScript dies(String... options) {
        return at(nowNs -> start(false, options)).at(nowNs -> hasDied());
    }

    /** Begins a life that is to last until it is ended, and waits for its first commit. */
    GuestScript lives(String... options) {
        return at(nowNs -> start(true, options)).at(nowNs -> hasCommitted());
    }

    /** {@code kill -9}. */
    GuestScript isKilled() {
        return at(
                        nowNs -> {
                            mustLive = false;
                            guest.kill();
                            return true;
                        })
                .at(nowNs -> hasDied());
    }

    /** Stays until this holds. */
    GuestScript until(Step step) {
        return at(step);
    }

    /** Waits until everybody has seen its death, and lets it end cleanly. */
    GuestScript leaves() {
        return at(nowNs -> isSeen(nowNs))
                .at(nowNs -> {
                    mustLive = false;
                    guest.terminate();
                    return true;
                })
                .at(nowNs -> !guest.isRunning());
    }

    private GuestScript at(Step step) {
        script.add(step);
        return this;
    }

    private boolean start(boolean lasts, String... options) throws IOException {
        discard(); // of the life before, which has ended
        entry =
                tested.cleanup()
                        .push(
                                guest.name() + " leaves",
                                () -> guest.start(List.of(options)),
                                () -> Guest.dismiss(List.of(guest)));
        mustLive = lasts;
        return true;
    }

    private void discard() {
        if (entry != null) {
            entry.discard();
        }
    }

    private boolean hasDied() {
        if (guest.isRunning()) {
            return false;
        }
        deaths++;
        diedNs = System.nanoTime();
        guest.mark()
                .ifPresent(mark ->
                        detection = new DeathDetection(tested.nodes(), mark, Set.of(mark.name())));
        tested.events().accept(guest.name(), "died, exit code " + guest.exitCode());
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
        return detection == null || detection.isOver();
    }

    @Override
    public boolean turn(long nowNs) throws IOException {
        if (detection != null && !detection.isOver()) {
            detection.look(System.nanoTime());
        }
        if (mustLive && !guest.isRunning()) {
            tested.events().accept(guest.name(), "ended by itself, exit code " + guest.exitCode());
            hungNodes++;
            discard();
            return true;
        }
        while (!script.isEmpty() && script.peek().isDone(nowNs)) {
            script.remove();
        }
        if (script.isEmpty()) {
            discard();
        }
        return script.isEmpty();
    }

    @Override
    public void abandon() throws IOException {
        hungNodes++;
        if (entry != null) {
            entry.undo();
        }
    }

    @Override
    public List<KilledNode> killedNodes() {
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
        Long seenNs = detection == null ? null : detection.lastSeenNs();
        return seenNs == null ? null : Math.max(0, seenNs - diedNs) / 1e6;
    }

    @Override
    public Double rejoinMillis() {
        return diedNs == 0 || backNs < diedNs ? null : (backNs - diedNs) / 1e6;
    }
}
