package io.fluxfoam.sensor.media;

import io.fluxfoam.sensor.SourceException;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * The thread that reads one device. It owns the reader: it alone uses it and closes it, so that
 * nothing native is freed under a read that blocks in the driver.
 */
final class Capture implements AutoCloseable {
    private static final long CLOSE_TIMEOUT_MS = 1_000;

    private final String name;
    private final Step step;
    private final AutoCloseable reader;
    private final Thread thread;
    private volatile boolean closing;
    private volatile @Nullable Exception failure;

    /** Reads one piece from the device. */
    interface Step {
        /** Returns false if the device has ended. */
        boolean run() throws SourceException;
    }

    Capture(String name, AutoCloseable reader, Step step) {
        this.name = name;
        this.step = step;
        this.reader = reader;
        this.thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    private void run() {
        try (reader) {
            boolean more = true;
            while (more && !closing) {
                more = step.run();
            }
            if (!more) {
                failure = new SourceException(name + " has ended");
            }
        } catch (Exception e) {
            failure = e;
        }
    }

    /** Throws what ended the thread, if something did. */
    void check() throws SourceException {
        Exception cause = failure;
        if (cause instanceof SourceException known) {
            throw new SourceException(Objects.requireNonNull(known.getMessage()), known);
        }
        if (cause != null) {
            throw new SourceException("cannot read " + name + ": " + cause.getMessage(), cause);
        }
    }

    /** Bounded: a thread that hangs in its driver is a daemon and dies with the process. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(CLOSE_TIMEOUT_MS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
