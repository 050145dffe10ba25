package io.fluxfoam.sensor.media;

import io.fluxfoam.sensor.SourceException;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The thread that reads one device, and opens it again when it was lost. It owns what it opens: it
 * alone uses it and closes it, so that nothing native is freed under a read that blocks in the
 * driver.
 */
final class Capture implements AutoCloseable {
    private static final long CLOSE_TIMEOUT_MS = 1_000;
    private static final long RETRY_MS = 500;

    /** A loose plug is told of so often; then it is known. */
    private static final int MAX_TOLD = 20;

    private final String name;
    private final Opener opener;
    private final Consumer<String> notices;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private int told;
    private volatile boolean lost;

    /** An open device. */
    interface Session extends AutoCloseable {
        /** Reads one piece; false if the device has ended. */
        boolean step() throws SourceException;

        @Override
        void close();
    }

    /** Opens the device. */
    interface Opener {
        Session open() throws SourceException;
    }

    /**
     * Opens the device, and goes on to read it.
     *
     * @param notices told in one line when the device is lost, and when it is back; from the thread
     * @throws SourceException if it does not open now: a device that never was there is a mistake
     */
    Capture(String name, Opener opener, Consumer<String> notices) throws SourceException {
        this.name = name;
        this.opener = opener;
        this.notices = notices;
        Session first = opener.open();
        this.thread = Thread.ofPlatform().daemon().name(name).start(() -> run(first));
    }

    private void run(Session first) {
        Optional<Session> session = Optional.of(first);
        while (session.isPresent()) {
            String reason = readToItsEnd(session.get());
            session = isClosing() ? Optional.empty() : reopen(reason);
        }
    }

    private String readToItsEnd(Session session) {
        try (session) {
            while (!isClosing()) {
                if (!session.step()) {
                    return "it has ended";
                }
            }
            return "closed";
        } catch (SourceException | RuntimeException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private Optional<Session> reopen(String reason) {
        lost = true;
        tell(name + " is lost: " + reason + "; frames go on without it until it is back");
        while (!isClosingWithin(RETRY_MS)) {
            try {
                Session session = opener.open();
                lost = false;
                tell(name + " is back");
                return Optional.of(session);
            } catch (SourceException | RuntimeException e) {
                // Not yet: the next look may find it.
            }
        }
        return Optional.empty();
    }

    private void tell(String line) {
        if (told < MAX_TOLD) {
            told++;
            notices.accept(line + (told == MAX_TOLD ? "; of more is not told" : ""));
        }
    }

    /** Whether there is no device now. */
    boolean isLost() {
        return lost;
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private boolean isClosingWithin(long timeoutMs) {
        try {
            return closing.await(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Bounded: a thread that hangs in its driver is a daemon and dies with the process. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(CLOSE_TIMEOUT_MS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
