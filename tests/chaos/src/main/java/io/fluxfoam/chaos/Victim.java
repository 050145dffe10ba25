package io.fluxfoam.chaos;

import io.fluxfoam.liveness.MarkView;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** One life of a node that chaos ends, from the signal until its successor works. Belongs to the run's thread. */
final class Victim {
    private final Ground ground;
    private final MarkView mark;
    private final Body body;
    private final Recipe recipe;
    private final Comeback comeback;
    private Debts.Debt debt;
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
        end(body::kill, patienceNs, patienceNs);
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
        end(body::terminate, absenceNs, 0);
        ground.events().accept(mark.name(), "SIGTERM, pid " + mark.pid());
    }

    /**
     * Ends this life; whatever ends chaos before the node is back, it is started again.
     *
     * @param signal returns when it was sent
     * @param patienceNs how long chaos does not start it
     * @param othersNs how long somebody else may
     */
    private void end(LongSupplier signal, long patienceNs, long othersNs) throws IOException {
        debt =
                ground.debts()
                        .incur(
                                mark.name() + " comes back",
                                () -> {
                                    endedNs = signal.getAsLong();
                                    nobodyElseFromNs = endedNs + patienceNs;
                                },
                                () -> restore(endedNs + othersNs));
    }

    private void restore(long othersUntilNs) throws IOException {
        if (!ground.isOwn() && recipe.isComplete()) {
            ground.keeper().restore(recipe, mark.incarnation(), endedNs, othersUntilNs);
        }
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
            debt.settle();
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
