package io.fluxfoam.chaos;

import io.fluxfoam.liveness.MarkView;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** One life of a node that chaos ends, from the signal until its successor works. Belongs to the run's thread. */
final class Victim {
    private final Ground ground;
    private final MarkView mark;
    private final Body body;
    private final Recipe recipe;
    private final Comeback comeback;
    private Witnesses witnesses;
    private long endedNs;
    private long nobodyElseFromNs;
    private boolean isBack;
    private long backNs;

    /**
     * A node that lives.
     *
     * @throws IOException if its process cannot be found
     */
    Victim(Ground ground, MarkView mark) throws IOException {
        this.ground = ground;
        this.mark = mark;
        this.body = Body.of(ground.foam(), mark);
        this.recipe = Recipe.of(ground.foam(), mark);
        this.comeback = Comeback.of(ground.foam(), mark);
    }

    /**
     * {@code kill -9}.
     *
     * @param dying all that are killed together, this node among them
     */
    void kill(Set<String> dying) throws IOException {
        long patienceNs = ground.keeper().patienceNs(mark);
        witnesses = new Witnesses(ground.herd(), mark, dying);
        endedNs = body.kill();
        nobodyElseFromNs = endedNs + patienceNs;
        String start = recipe.isComplete() ? "" : "; its mark has no command line, only who started it can start it again";
        ground.events().accept(mark.name(), "killed, pid " + mark.pid() + start);
    }

    /**
     * SIGTERM. A clean end is nobody's death, and nobody starts the node again but chaos.
     *
     * @param absenceNs how long it stays away
     */
    void terminate(long absenceNs) throws IOException {
        if (!recipe.isComplete()) {
            throw new IOException("its mark has no command line to start it again: node=" + mark.name());
        }
        endedNs = body.terminate();
        nobodyElseFromNs = endedNs + absenceNs;
        ground.events().accept(mark.name(), "SIGTERM, pid " + mark.pid());
    }

    /** Looks whether it has been seen dead and is back, and starts it again if nobody else does. */
    void look(long nowNs) throws IOException {
        if (witnesses != null && !witnesses.isOver()) {
            witnesses.look(System.nanoTime());
        }
        if (isBack) {
            return;
        }
        Optional<MarkView> now = ground.herd().node(mark.name());
        if (now.isPresent() && comeback.isThere(now.get())) {
            isBack = true;
            backNs = System.nanoTime();
        } else if (recipe.isComplete()) {
            ground.keeper().tend(recipe, nobodyElseFromNs, nowNs);
        }
    }

    /** Whether all is known: its peers have seen it dead, and it works again. */
    boolean isOver() {
        return isBack && (witnesses == null || witnesses.isOver());
    }

    String node() {
        return mark.name();
    }

    long incarnation() {
        return mark.incarnation();
    }

    /** See {@link FaultReport#detectMillis}. */
    Double detectMillis() {
        Long seenNs = witnesses == null ? null : witnesses.lastSeenNs();
        return seenNs == null ? null : (seenNs - endedNs) / 1e6;
    }

    /** See {@link FaultReport#rejoinMillis}. */
    Double rejoinMillis() {
        return isBack ? (backNs - endedNs) / 1e6 : null;
    }
}
