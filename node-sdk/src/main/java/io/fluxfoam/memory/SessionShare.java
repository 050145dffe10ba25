package io.fluxfoam.memory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How willingly the session of this process lets other sessions have the processor: Linux shares it
 * out by session first (sched(7), autogroup), and within one by nice(1). Only of a session that is
 * this process's own: others would be moved with it.
 */
final class SessionShare {
    private static final Path AUTOGROUP = Path.of("/proc/self/autogroup");
    private static final Path STAT = Path.of("/proc/self/stat");
    private static final Pattern NICE = Pattern.compile("/autogroup-\\d+ nice (-?\\d+)\\s*");
    private static final int SESSION = 3; // fields behind the command's closing bracket
    private static final int MOST_TRIES = 40;
    private static final long TRY_AGAIN_NS = 50_000_000L;

    private final int before;

    private SessionShare(int before) {
        this.before = before;
    }

    /** What it is now; empty where sessions share nothing out, or it is not this process's own. */
    static Optional<SessionShare> own() {
        try {
            String stat = Files.readString(STAT, StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            Matcher said = NICE.matcher(Files.readString(AUTOGROUP));
            boolean isOwn = Long.parseLong(fields[SESSION]) == ProcessHandle.current().pid();
            return isOwn && said.matches()
                    ? Optional.of(new SessionShare(Integer.parseInt(said.group(1))))
                    : Optional.empty();
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Sets it; returns whether that was possible. */
    boolean set(int nice) {
        try {
            Files.writeString(AUTOGROUP, Integer.toString(nice));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Sets what it was before. The kernel lets a user change one session in a tenth of a second:
     * what it refuses is tried again beside whatever else this process does.
     */
    void restore() {
        if (!set(before)) {
            Thread.ofPlatform().daemon().name("foam-session-share").start(this::keepTrying);
        }
    }

    private void keepTrying() {
        for (int i = 0; i < MOST_TRIES && !set(before); i++) {
            LockSupport.parkNanos(TRY_AGAIN_NS);
        }
    }
}
