package io.fluxfoam.cli;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.counters.ErrorEntry;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;

import java.io.IOException;
import java.util.Comparator;
import java.util.Optional;

/**
 * How a process ended.
 *
 * @param exitCode as the operating system reports it; 128 + N for signal N
 */
record ExitReason(int exitCode) {
    private static final int SIGNAL_BASE = 128;
    private static final int SIGTERM = 15;
    private static final long RECENT_MILLIS = 10_000;
    private static final String[] SIGNALS = {
        null, "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE",
        "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM"
    };

    /** Whether it ended by its own will: such a node is not started again. */
    boolean clean() {
        return exitCode == 0;
    }

    /** Whether SIGTERM ended it, as it ends a process that does not listen for it yet. */
    boolean isAsked() {
        return exitCode == SIGNAL_BASE + SIGTERM;
    }

    /** The exit code or the signal. */
    String cause() {
        int signal = exitCode - SIGNAL_BASE;
        if (signal > 0 && signal < SIGNALS.length) {
            return SIGNALS[signal];
        }
        return signal > 0 && signal < 65 ? "signal " + signal : "exit code " + exitCode;
    }

    /**
     * The cause, and what the node itself said last: the newest entry of its error log if it is
     * fresh, else the last line that it printed, unless it was killed and could not have known.
     */
    String reason(FoamDirectory foam, String node, String lastLine) {
        Optional<String> error = lastError(foam, node);
        if (error.isPresent()) {
            return cause() + ", " + Text.line(error.get());
        }
        return exitCode > SIGNAL_BASE || lastLine.isEmpty()
                ? cause()
                : cause() + ", " + Text.line(lastLine);
    }

    private static Optional<String> lastError(FoamDirectory foam, String node) {
        try {
            MarkView mark = MarkView.read(foam, node);
            long now = System.currentTimeMillis();
            return CountersSnapshot.read(foam.file(node, mark.incarnation(), "counters"))
                    .errors()
                    .stream()
                    .filter(entry -> now - entry.lastMillis() < RECENT_MILLIS)
                    .max(Comparator.comparing(ErrorEntry::lastMillis))
                    .map(ErrorEntry::summary);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
