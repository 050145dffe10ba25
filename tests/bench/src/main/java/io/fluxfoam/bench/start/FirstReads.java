package io.fluxfoam.bench.start;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.counters.FabricCounters;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.stream.StreamView;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Optional;

/**
 * Since when a starting node has a tensor of every stream that it subscribes to, whose writer lives
 * and has committed one. It may subscribe to more as it goes on, so the last time that something
 * was missing counts. Belongs to one thread.
 */
final class FirstReads {
    private final FoamDirectory foam;
    private final String node;
    private boolean readsAny;
    private boolean isWaiting;
    private double sinceMillis;

    FirstReads(FoamDirectory foam, String node) {
        this.foam = foam;
        this.node = node;
    }

    /** Looks at the counters of the node's first incarnation. */
    void look(double nowMillis) throws IOException {
        boolean waited = isWaiting || !readsAny;
        isWaiting = lacksAny();
        if (waited && !isWaiting && readsAny) {
            sinceMillis = nowMillis;
        }
    }

    /** Whether something is missing. */
    boolean isWaiting() {
        return isWaiting;
    }

    /** Since when nothing is missing; 0 if something is, or the node reads nothing. */
    double sinceMillis() {
        return isWaiting ? 0 : sinceMillis;
    }

    private boolean lacksAny() throws IOException {
        try {
            Map<String, Number> counters =
                    CountersSnapshot.read(foam.file(node, 1, "counters")).values();
            for (Map.Entry<String, Number> counter : counters.entrySet()) {
                Optional<String> target = FabricCounters.READ_LEASES.which(counter.getKey());
                if (target.isPresent()) {
                    readsAny = true;
                    if (counter.getValue().longValue() == 0 && hasTensor(target.get())) {
                        return true;
                    }
                }
            }
            return false;
        } catch (NoSuchFileException | LayoutException e) {
            return true; // not there yet
        }
    }

    private boolean hasTensor(String target) throws IOException {
        int slash = target.indexOf('/');
        String peer = target.substring(0, slash);
        String control = "." + target.substring(slash + 1) + ".control";
        if (!foam.nodes().contains(peer) || !MarkView.read(foam, peer).state().isHeld()) {
            return false;
        }
        for (FoamDirectory.Owned file : foam.filesOf(peer)) {
            if (file.fileName().endsWith(control)
                    && !file.fileName().startsWith(".")
                    && StreamView.read(foam.path().resolve(file.fileName())).sequence() > 0) {
                return true;
            }
        }
        return false;
    }
}
