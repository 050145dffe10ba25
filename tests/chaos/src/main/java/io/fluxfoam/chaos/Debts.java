package io.fluxfoam.chaos;

import io.fluxfoam.launch.Commands;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What chaos has to undo before it ends: guests have to go, stopped nodes to go on, absent ones to come back, foams and folders of
 * its own to vanish. Undone, newest first, when this is closed, or when the process is ended by anything but {@code kill -9}. From
 * any thread.
 */
final class Debts implements AutoCloseable {
    private final Deque<Debt> owed = new ArrayDeque<>();
    private final Thread atExit = new Thread(this::closeAtExit, "chaos-undo");
    private boolean isClosing;

    /** Something that is done, or undone. */
    @FunctionalInterface
    interface Deed {
        void run() throws IOException;
    }

    /** One of them. */
    final class Debt {
        private final String what;
        private final Deed undoing;
        private boolean isOwed = true;

        private Debt(String what, Deed undoing) {
            this.what = what;
            this.undoing = undoing;
        }

        /** Undoes it, unless that has happened; returns when it is undone, whoever does it. */
        synchronized void pay() throws IOException {
            if (isOwed) {
                isOwed = false;
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
        synchronized void settle() {
            isOwed = false;
            forget(this);
        }
    }

    Debts() {
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * Does something and owes its undoing. What fails half-done is undone at once.
     *
     * @param what has to be undone
     * @throws IOException if it fails, or chaos is ending
     */
    Debt incur(String what, Deed deed, Deed undoing) throws IOException {
        Debt debt = new Debt(what, undoing);
        synchronized (this) { // either done before the undoing begins, or not at all
            if (isClosing) {
                throw new IOException("chaos is ending");
            }
            owed.addLast(debt);
            try {
                deed.run();
                return debt;
            } catch (IOException | RuntimeException e) {
                try {
                    debt.pay();
                } catch (IOException f) {
                    e.addSuppressed(f);
                }
                throw e;
            }
        }
    }

    private synchronized void forget(Debt debt) {
        owed.remove(debt);
    }

    private synchronized Debt newest() {
        isClosing = true;
        return owed.peekLast();
    }

    /** Whether undoing has begun: nothing new may be done. */
    synchronized boolean isClosing() {
        return isClosing;
    }

    /** Undoes all that is owed, whatever fails. */
    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (Debt debt = newest(); debt != null; debt = newest()) {
            try {
                debt.pay();
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
