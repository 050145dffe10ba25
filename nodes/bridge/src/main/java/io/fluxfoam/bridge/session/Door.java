package io.fluxfoam.bridge.session;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Where callers come in. Of those that have not proven the key yet at most a few are heard at a
 * time, each for seconds and for less than a hundred bytes; whoever comes beyond that is turned
 * away.
 */
public final class Door implements AutoCloseable {
    private static final int MAX_UNPROVEN = 16;
    private static final int BACKLOG = 64;
    private static final long MAX_PROOF_MS = 4_000;

    private final ServerSocket socket;
    private final BridgeKey key;
    private final Consumer<ControlChannel> proven;
    private final Consumer<String> refused;
    private final Semaphore unproven = new Semaphore(MAX_UNPROVEN);

    private Door(
            ServerSocket socket,
            BridgeKey key,
            Consumer<ControlChannel> proven,
            Consumer<String> refused) {
        this.socket = socket;
        this.key = key;
        this.proven = proven;
        this.refused = refused;
    }

    /**
     * Opens it.
     *
     * @param proven takes those that have proven the key, on any thread
     * @param refused told why another was turned away
     */
    public static Door open(
            InetSocketAddress at,
            BridgeKey key,
            Consumer<ControlChannel> proven,
            Consumer<String> refused)
            throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(at, BACKLOG);
        } catch (IOException e) {
            socket.close();
            throw new IOException("cannot listen: address=" + at + " " + e.getMessage(), e);
        }
        Door door = new Door(socket, key, proven, refused);
        Thread.ofPlatform().daemon().name("foam-bridge-door").start(door::serve);
        return door;
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                Socket caller = socket.accept();
                if (unproven.tryAcquire()) {
                    Thread.ofVirtual().name("foam-bridge-proof").start(() -> admit(caller));
                } else {
                    caller.close();
                    refused.accept("too many callers that have not proven the key");
                }
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    refused.accept(String.valueOf(e.getMessage())); // such as too many open files
                    pause();
                }
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** However slowly a caller speaks, its time is over when the guard hangs up. */
    private void admit(Socket caller) {
        Thread guard = Thread.ofVirtual().start(() -> hangUpLater(caller));
        try {
            ControlChannel channel = ControlChannel.answer(caller, key);
            guard.interrupt();
            proven.accept(channel);
        } catch (IOException | RuntimeException e) {
            refused.accept(String.valueOf(e.getMessage()));
            try {
                caller.close();
            } catch (IOException ignored) {
                // it is gone then
            }
        } finally {
            guard.interrupt();
            unproven.release();
        }
    }

    private static void hangUpLater(Socket caller) {
        try {
            Thread.sleep(MAX_PROOF_MS);
            caller.close();
        } catch (InterruptedException | IOException e) {
            // it has proven the key, or is gone
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
