package io.fluxfoam.chaos;

import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.memory.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Starts a dead node again if nobody else does: at once if chaos started that life too, else after giving others their time.
 * Two who start the same name do no harm: one of them is refused. Belongs to the run's thread.
 */
final class Keeper {
    /** How long somebody else may take to start a node; an {@code up} that lives gets longer. */
    private static final long OTHERS_NS = 20_000_000_000L;

    private static final long UP_NS = 60_000_000_000L;

    private static final long PAUSE_NS = 100_000_000L;

    private final FoamDirectory foam;
    private final Herd herd;
    private final BiConsumer<String, String> events;
    private final Map<String, Start> starts = new HashMap<>();

    private record Start(Process process, long startedNs) {}

    Keeper(FoamDirectory foam, Herd herd, BiConsumer<String, String> events) {
        this.foam = foam;
        this.herd = herd;
        this.events = events;
    }

    /** Starts a node whose name nobody has. */
    Process start(Recipe recipe, long nowNs) throws IOException {
        Process process = recipe.start();
        starts.put(recipe.node(), new Start(process, nowNs));
        return process;
    }

    /** How long to wait for others after this life has ended. */
    long patienceNs(MarkView mark) throws IOException {
        Start start = starts.get(mark.name());
        if (start != null && start.process.pid() == mark.pid()) {
            return 0;
        }
        return isUpAlive() ? UP_NS : OTHERS_NS;
    }

    private boolean isUpAlive() throws IOException {
        Path lock = foam.path().resolve("up.lock");
        if (!Files.exists(lock)) {
            return false;
        }
        int fd = Posix.openReadOnly(lock);
        try {
            return Posix.isLocked(fd);
        } finally {
            Posix.close(fd);
        }
    }

    /**
     * Looks after a node that has ended; does nothing while its name is taken, or somebody starts it.
     *
     * @param nobodyElseFromNs from when on nobody else is waited for
     */
    void tend(Recipe recipe, long nobodyElseFromNs, long nowNs) throws IOException {
        boolean isHeld = herd.node(recipe.node()).map(mark -> mark.state().isHeld()).orElse(false);
        Start last = starts.get(recipe.node());
        boolean isStarting = last != null && (last.process.isAlive() || nowNs - last.startedNs < PAUSE_NS);
        if (isHeld || isStarting || nowNs < nobodyElseFromNs) {
            return;
        }
        start(recipe, nowNs);
        events.accept(recipe.node(), "started again, pid " + starts.get(recipe.node()).process.pid());
    }
}
