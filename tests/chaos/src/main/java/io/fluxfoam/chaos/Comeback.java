package io.fluxfoam.chaos;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.FoamDirectory.Owned;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.stream.StreamView;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * Tells when a node that was killed works again. Of a node with streams the first commit of a higher incarnation counts, of
 * one that serves HTTP its first 200, of any other that its manifest is there.
 */
final class Comeback {
    private static final String PORT = "http.port";
    private static final int TIMEOUT_MS = 500;

    private enum Sign {
        COMMIT,
        ANSWER,
        MANIFEST
    }

    private final FoamDirectory foam;
    private final String node;
    private final long after;
    private final Sign sign;

    private Comeback(FoamDirectory foam, String node, long after, Sign sign) {
        this.foam = foam;
        this.node = node;
        this.after = after;
        this.sign = sign;
    }

    /** Of a node that lives: what it does now is what it has to do again. */
    static Comeback of(FoamDirectory foam, MarkView mark) throws IOException {
        Sign sign = Sign.MANIFEST;
        if (port(foam, mark).isPresent()) {
            sign = Sign.ANSWER;
        } else if (hasStreams(foam, mark)) {
            sign = Sign.COMMIT;
        }
        return new Comeback(foam, mark.name(), mark.incarnation(), sign);
    }

    private static boolean hasStreams(FoamDirectory foam, MarkView mark) throws IOException {
        return foam.filesOf(mark.name()).stream()
                .anyMatch(file -> file.incarnation() == mark.incarnation() && isControl(file));
    }

    private static boolean isControl(Owned file) {
        return file.fileName().endsWith(".control") && !file.fileName().startsWith(".");
    }

    private static Optional<Integer> port(FoamDirectory foam, MarkView mark) throws IOException {
        try {
            CountersSnapshot counters =
                    CountersSnapshot.read(foam.file(mark.name(), mark.incarnation(), "counters"));
            return Optional.of((int) counters.number(PORT)).filter(port -> port > 0);
        } catch (NoSuchFileException | LayoutException e) {
            return Optional.empty();
        }
    }

    /** Whether the sign is there. {@code now} is what the mark says. */
    boolean isThere(MarkView now) throws IOException {
        if (now.incarnation() <= after || !now.state().isHeld()) {
            return false;
        }
        return switch (sign) {
            case COMMIT -> hasCommitted(foam, node, now.incarnation());
            case ANSWER -> answers(now);
            case MANIFEST -> Files.exists(foam.file(node, now.incarnation(), "manifest"));
        };
    }

    /** Whether this incarnation has committed anything. */
    static boolean hasCommitted(FoamDirectory foam, String node, long incarnation) throws IOException {
        for (Owned file : foam.filesOf(node)) {
            if (file.incarnation() == incarnation && isControl(file)) {
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
        if (port.isEmpty()) {
            return false;
        }
        HttpURLConnection connection =
                (HttpURLConnection) URI.create("http://127.0.0.1:" + port.get() + "/").toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MS);
        connection.setReadTimeout(TIMEOUT_MS);
        try {
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            return false; // not yet
        } finally {
            connection.disconnect();
        }
    }
}
