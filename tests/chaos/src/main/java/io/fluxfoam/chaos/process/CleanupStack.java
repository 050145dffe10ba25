package io.fluxfoam.chaos.process;

import io.fluxfoam.launch.Commands;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What chaos has to undo before it ends: guests have to go, stopped nodes to go on, absent ones to
 * come back, foams and folders of its own to vanish. Undone, newest first, when this is closed, or
 * when the process is ended by anything but {@code kill -9}. From any thread.
 */
public final class CleanupStack implements AutoCloseable {
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final Thread atExit = new Thread(this::closeAtExit, "chaos-undo");
    private boolean isClosing;

    /** Something that is done, or undone. */
    @FunctionalInterface
    public interface Deed {
        void run() throws IOException;
    }

    /** One thing to undo. */
    public final class Entry {
        private final String what;
        private final Deed undoing;
        private boolean isPending = true;

        private Entry(String what, Deed undoing) {
            this.what = what;
            this.undoing = undoing;
        }

        /** Undoes it, unless that has happened; returns when it is undone, whoever does it. */
        public synchronized void undo() throws IOException {
            if (isPending) {
                isPending = false;
                try {
                    undoing.run();
                } catch (IOException | RuntimeException e) {
                    throw new IOException("not undone: " + what + ": " + Commands.reason(e), e);
                } finally {
                    forget(this); // not before: nobody goes on to an older one meanwhile
                }
            }
        }

        /** There is nothing to undo any more. */
        public synchronized void discard() {
            isPending = false;
            forget(this);
        }
    }

    public CleanupStack() {
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * Does something and keeps its undoing. What fails half-done is undone at once.
     *
     * @param what has to be undone
     * @throws IOException if it fails, or chaos is ending
     */
    public Entry push(String what, Deed deed, Deed undoing) throws IOException {
        Entry entry = new Entry(what, undoing);
        synchronized (this) { // either done before the undoing begins, or not at all
            if (isClosing) {
                throw new IOException("chaos is ending");
            }
            entries.addLast(entry);
            try {
                deed.run();
                return entry;
            } catch (IOException | RuntimeException e) {
                try {
                    entry.undo();
                } catch (IOException f) {
                    e.addSuppressed(f);
                }
                throw e;
            }
        }
    }

    private synchronized void forget(Entry entry) {
        entries.remove(entry);
    }

    private synchronized Entry newest() {
        isClosing = true;
        return entries.peekLast();
    }

    /** Whether undoing has begun: nothing new may be done. */
    public synchronized boolean isClosing() {
        return isClosing;
    }

    /** Undoes all that is left to undo, whatever fails. */
    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (Entry entry = newest(); entry != null; entry = newest()) {
            try {
                entry.undo();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) { // it is running
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void closeAtExit() {
        try {
            close();
        } catch (IOException e) {
            System.err.println("foam chaos: " + e.getMessage());
            for (Throwable other : e.getSuppressed()) {
                System.err.println("foam chaos: " + other.getMessage());
            }
        }
    }
}
