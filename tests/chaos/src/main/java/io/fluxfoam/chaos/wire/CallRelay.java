package io.fluxfoam.chaos.wire;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The TCP connections of one end of a wire. Of one that is cut nothing arrives, an end included,
 * until the wire is mended; a caller that has given up by then was never heard of.
 */
final class CallRelay implements Closeable {
    private static final int CHUNK_BYTES = 16 << 10;
    private static final int MAX_CHUNKS = 256;

    private final InetSocketAddress at;
    private final InetSocketAddress target;
    private final WireWay there;
    private final WireWay back;
    private final ServerSocket door = new ServerSocket();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** What was said; an end if it is empty. */
    private record Chunk(long arrivalNs, byte[] bytes) {
        boolean isEnd() {
            return bytes.length == 0;
        }
    }

    CallRelay(InetSocketAddress at, InetSocketAddress target, WireWay there, WireWay back)
            throws IOException {
        this.at = at;
        this.target = target;
        this.there = there;
        this.back = back;
        door.bind(at);
        Thread.ofVirtual().name("chaos-wire-calls").start(this::serve);
    }

    private void serve() {
        while (!door.isClosed()) {
            try {
                Socket caller = door.accept();
                open.add(caller);
                Thread.ofVirtual().start(() -> carry(caller));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    /** The target sees the caller at the address at which the caller sees the target. */
    private void carry(Socket caller) {
        try (caller;
                Socket host = new Socket()) {
            open.add(host);
            long calledNs = System.nanoTime();
            BlockingQueue<Chunk> said = new ArrayBlockingQueue<>(MAX_CHUNKS);
            Thread.ofVirtual().start(() -> hear(caller, said, there));
            there.await(there.tcpArrivalNs(calledNs));
            if (said.stream().anyMatch(Chunk::isEnd)) {
                return;
            }
            host.bind(new InetSocketAddress(at.getAddress(), 0));
            host.connect(target);
            host.setTcpNoDelay(true);
            caller.setTcpNoDelay(true);
            BlockingQueue<Chunk> answered = new ArrayBlockingQueue<>(MAX_CHUNKS);
            Thread.ofVirtual().start(() -> hear(host, answered, back));
            Thread answers = Thread.ofVirtual().start(() -> say(answered, caller, back));
            say(said, host, there);
            answers.join();
        } catch (IOException e) {
            // nobody is there, or it is over
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.removeIf(Socket::isClosed);
        }
    }

    private static void hear(Socket from, BlockingQueue<Chunk> into, WireWay way) {
        byte[] bytes = new byte[CHUNK_BYTES];
        int length = 0;
        try {
            while (length >= 0) {
                try {
                    InputStream in = from.getInputStream();
                    length = in.read(bytes);
                } catch (IOException e) {
                    length = -1; // as dead as one that says so
                }
                long arrivalNs = way.tcpArrivalNs(System.nanoTime());
                into.put(new Chunk(arrivalNs, Arrays.copyOf(bytes, Math.max(0, length))));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void say(BlockingQueue<Chunk> from, Socket to, WireWay way) {
        try {
            OutputStream out = to.getOutputStream();
            for (Chunk chunk = from.take(); ; chunk = from.take()) {
                way.await(chunk.arrivalNs);
                if (chunk.isEnd()) {
                    to.shutdownOutput();
                    return;
                }
                out.write(chunk.bytes);
            }
        } catch (IOException e) {
            // it is gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
