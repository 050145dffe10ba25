package io.fluxfoam.stream;

import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.PeerMark;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks after the waits of this process's GPUs: when a writer is dead by its lock, the waits for
 * its commits are ended. A thread of its own does this, because the one that reads may just then be
 * in a call of the driver that returns only when the wait is over. One for the process; the thread
 * exists while somebody may wait.
 */
final class WaitGuard {
    private static final WaitGuard INSTANCE = new WaitGuard();
    private static final long LOOK_EVERY_MS = 10;

    private final List<Watch> watches = new ArrayList<>();
    private @Nullable Thread thread;

    private WaitGuard() {}

    /** A writer that is looked at until this is closed. */
    static final class Watch implements AutoCloseable {
        private final PeerMark mark;
        private final long incarnation;
        private final ReaderProtocol protocol;

        private Watch(PeerMark mark, long incarnation, ReaderProtocol protocol) {
            this.mark = mark;
            this.incarnation = incarnation;
            this.protocol = protocol;
        }

        private void endWaitsIfDead() {
            try {
                if (hasEnded()) {
                    protocol.orphan();
                }
            } catch (IOException | InternalError e) {
                // the lock cannot be probed at this moment, or the words to end waits on are gone:
                // the other watches go on
            }
        }

        private boolean hasEnded() throws IOException {
            try {
                return mark.hasEnded(incarnation);
            } catch (InternalError e) {
                // a mark that was cut: its bytes say nothing any more, its lock does
                return !mark.isHeld();
            }
        }

        /** Stops looking; nothing is touched any more when it returns. */
        @Override
        public void close() {
            INSTANCE.remove(this);
            mark.close();
        }
    }

    /** Begins to look at the writer of a stream whose commits this process's GPU may wait for. */
    static Watch watch(FoamDirectory foam, StreamHeader writer, ReaderProtocol protocol)
            throws IOException {
        Watch watch = new Watch(PeerMark.open(foam, writer.node()), writer.incarnation(), protocol);
        INSTANCE.add(watch);
        return watch;
    }

    private synchronized void add(Watch watch) {
        watches.add(watch);
        if (thread == null) {
            thread = Thread.ofPlatform().daemon().name("foam-wait-guard").start(this::guard);
        }
    }

    private synchronized void remove(Watch watch) {
        watches.remove(watch);
        notifyAll();
    }

    private synchronized void guard() {
        try {
            while (!watches.isEmpty()) {
                watches.forEach(Watch::endWaitsIfDead);
                wait(LOOK_EVERY_MS);
            }
        } catch (InterruptedException e) {
            // nobody interrupts this thread but a process that ends
        } finally {
            thread = null;
        }
    }
}
