package io.fluxfoam.chaos.process;

import io.fluxfoam.coordinator.status.CoordinatorCounters;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.FoamDirectory.Owned;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.stream.StreamView;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * Tells when a node that was killed works again. Of a node with streams the first commit of a
 * higher incarnation counts, of one that serves HTTP its first 200, of any other that its manifest
 * is there.
 */
public final class RejoinProbe {
    private enum Sign {
        COMMIT,
        ANSWER,
        MANIFEST
    }

    private final FoamDirectory foam;
    private final MarkView before;
    private final Sign sign;

    private RejoinProbe(FoamDirectory foam, MarkView before, Sign sign) {
        this.foam = foam;
        this.before = before;
        this.sign = sign;
    }

    /** Of a node that lives: what it does now is what it has to do again. */
    public static RejoinProbe of(FoamDirectory foam, MarkView mark) throws IOException {
        Sign sign = Sign.MANIFEST;
        if (port(foam, mark).isPresent()) {
            sign = Sign.ANSWER;
        } else if (hasStreams(foam, mark)) {
            sign = Sign.COMMIT;
        }
        return new RejoinProbe(foam, mark, sign);
    }

    private static boolean hasStreams(FoamDirectory foam, MarkView mark) throws IOException {
        return foam.filesOf(mark.name()).stream()
                .anyMatch(file -> file.incarnation() == mark.incarnation() && file.isControl());
    }

    private static Optional<Integer> port(FoamDirectory foam, MarkView mark) throws IOException {
        try {
            CountersSnapshot counters =
                    CountersSnapshot.read(foam.file(mark.name(), mark.incarnation(), "counters"));
            return Optional.of((int) counters.number(CoordinatorCounters.HTTP_PORT))
                    .filter(port -> port > 0);
        } catch (NoSuchFileException | LayoutException e) {
            return Optional.empty();
        }
    }

    /** Whether the sign is there. {@code now} is what the mark says. */
    public boolean isThere(MarkView now) throws IOException {
        if (now.incarnation() <= before.incarnation() || !now.state().isHeld()) {
            return false;
        }
        return switch (sign) {
            case COMMIT -> hasCommitted(foam, now.name(), now.incarnation());
            case ANSWER -> answers(now);
            case MANIFEST -> Files.exists(foam.file(now.name(), now.incarnation(), "manifest"));
        };
    }

    /** Whether this incarnation has committed anything. */
    public static boolean hasCommitted(FoamDirectory foam, String node, long incarnation)
            throws IOException {
        for (Owned file : foam.filesOf(node)) {
            if (file.incarnation() == incarnation && file.isControl()) {
                try {
                    if (StreamView.read(foam.path().resolve(file.fileName())).sequence() > 0) {
                        return true;
                    }
                } catch (NoSuchFileException | LayoutException e) {
                    continue; // gone since it was listed
                }
            }
        }
        return false;
    }

    private boolean answers(MarkView now) throws IOException {
        Optional<Integer> port = port(foam, now);
        return port.isPresent() && StatusEndpoint.of(now.command(), port.get()).answers();
    }
}
