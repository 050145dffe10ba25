package io.fluxfoam.bridge.session;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A session's own connection, over which everything goes but the tensors. Both sides prove the key
 * before anything is believed of what they say:
 *
 * <pre>
 *   caller  magic "FOAMLINK", version, 1 if it has a key, nonce
 *   host    the same, proof
 *   caller  proof
 *   both    u32 length, sealed message; the n-th of a side is sealed with number n
 * </pre>
 *
 * A peer that does not read is given up when more than a few hundred messages wait for it.
 */
public final class ControlChannel implements AutoCloseable {
    /** Largest message; a manifest may have 2 MiB of attributes. */
    static final int MAX_BYTES = 4 << 20;

    private static final byte[] MAGIC = "FOAMLINK".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int HELLO_BYTES = MAGIC.length + 4 + 1 + SessionKeys.NONCE_BYTES;
    private static final int CONNECT_TIMEOUT_MS = 2_000;
    private static final int PROOF_TIMEOUT_MS = 3_000;
    private static final int MAX_WAITING = 512;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Takes what a session tells; called on the session's own thread. */
    public interface Listener {
        /** A message came. */
        void onMessage(ControlMessage message);

        /** Nothing more will come. */
        void onEnd(String reason);
    }

    private final Socket socket;
    private final SessionKeys keys;
    private final Side side;
    private final BlockingQueue<ControlMessage> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final AtomicBoolean hasEnded = new AtomicBoolean();
    private Listener listener;

    private ControlChannel(Socket socket, SessionKeys keys, Side side) {
        this.socket = socket;
        this.keys = keys;
        this.side = side;
    }

    /** Calls a host, and proves the key to each other. */
    public static ControlChannel call(InetSocketAddress host, BridgeKey key) throws IOException {
        Socket socket = new Socket();
        try {
            InetSocketAddress fresh = new InetSocketAddress(host.getHostString(), host.getPort());
            socket.connect(fresh, CONNECT_TIMEOUT_MS);
            prepare(socket);
            byte[] nonce = nonce();
            socket.getOutputStream().write(hello(key, nonce));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            SessionKeys keys = new SessionKeys(key, nonce, readHello(in, key));
            byte[] proof = in.readNBytes(SessionKeys.PROOF_BYTES);
            if (!keys.isProof(Side.HOST, proof)) {
                throw new RefusedException("the host has another key: host=" + host);
            }
            socket.getOutputStream().write(keys.proof(Side.CALLER));
            socket.setSoTimeout(0);
            return new ControlChannel(socket, keys, Side.CALLER);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Answers a caller, who has to prove the key. */
    static ControlChannel answer(Socket socket, BridgeKey key) throws IOException {
        prepare(socket);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] callerNonce = readHello(in, key);
        byte[] nonce = nonce();
        SessionKeys keys = new SessionKeys(key, callerNonce, nonce);
        byte[] hello = hello(key, nonce);
        ByteBuffer answer = ByteBuffer.allocate(hello.length + SessionKeys.PROOF_BYTES);
        socket.getOutputStream().write(answer.put(hello).put(keys.proof(Side.HOST)).array());
        byte[] proof = in.readNBytes(SessionKeys.PROOF_BYTES);
        if (!keys.isProof(Side.CALLER, proof)) {
            throw new IOException("the caller has another key: " + socket.getRemoteSocketAddress());
        }
        socket.setSoTimeout(0);
        return new ControlChannel(socket, keys, Side.HOST);
    }

    private static void prepare(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PROOF_TIMEOUT_MS);
    }

    private static byte[] nonce() {
        byte[] nonce = new byte[SessionKeys.NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        return nonce;
    }

    private static byte[] hello(BridgeKey key, byte[] nonce) {
        return ByteBuffer.allocate(HELLO_BYTES)
                .put(MAGIC)
                .putInt(VERSION)
                .put((byte) (key.isThere() ? 1 : 0))
                .put(nonce)
                .array();
    }

    /** Returns the nonce of who said it. */
    private static byte[] readHello(DataInputStream in, BridgeKey key) throws IOException {
        byte[] bytes;
        try {
            bytes = in.readNBytes(HELLO_BYTES);
        } catch (SocketTimeoutException e) {
            throw new IOException("no bridge: it says nothing", e);
        }
        ByteBuffer hello = ByteBuffer.wrap(bytes);
        byte[] magic = new byte[MAGIC.length];
        byte[] nonce = new byte[SessionKeys.NONCE_BYTES];
        if (bytes.length < HELLO_BYTES || !java.util.Arrays.equals(magic(hello, magic), MAGIC)) {
            throw new IOException("no bridge: bytes=" + bytes.length);
        }
        int version = hello.getInt();
        if (version != VERSION) {
            throw new RefusedException("another version: its=" + version + " ours=" + VERSION);
        }
        boolean hasKey = hello.get() == 1;
        if (hasKey != key.isThere()) {
            throw new RefusedException("one side has a key and the other none: its=" + hasKey);
        }
        hello.get(nonce);
        return nonce;
    }

    private static byte[] magic(ByteBuffer hello, byte[] into) {
        hello.get(into);
        return into;
    }

    /** Begins to tell what comes, and to send. */
    public void start(Listener newListener) {
        listener = newListener;
        Thread.ofVirtual().name("foam-bridge-hear").start(this::hear);
        Thread.ofVirtual().name("foam-bridge-say").start(this::say);
    }

    private void hear() {
        MessageSeal seal = keys.control(side == Side.CALLER ? Side.HOST : Side.CALLER, false);
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(socket.getInputStream()))) {
            for (long number = 1; ; number++) {
                int length = in.readInt();
                if (length < 1 || length > MAX_BYTES) {
                    throw new IOException("no message: bytes=" + length);
                }
                byte[] sealed = in.readNBytes(length);
                byte[] opened = new byte[length];
                int bytes =
                        sealed.length < length
                                ? MessageSeal.REFUSED
                                : seal.apply(0, number, sealed, 0, length, opened);
                if (bytes < 0) {
                    throw new IOException("a message was not genuine: number=" + number);
                }
                listener.onMessage(ControlMessage.decode(opened, 0, bytes));
            }
        } catch (EOFException e) {
            end("the other side has hung up");
        } catch (IOException | RuntimeException e) {
            end(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private void say() {
        MessageSeal seal = keys.control(side, true);
        try (DataOutputStream out = new DataOutputStream(socket.getOutputStream())) {
            for (long number = 1; ; number++) {
                byte[] bytes = ControlMessage.encode(waiting.take());
                byte[] sealed = new byte[bytes.length + seal.overheadBytes()];
                int length = seal.apply(0, number, bytes, 0, bytes.length, sealed);
                ByteBuffer framed = ByteBuffer.allocate(4 + length).putInt(length);
                out.write(framed.put(sealed, 0, length).array());
            }
        } catch (IOException e) {
            end(e.getMessage() == null ? e.toString() : e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends a message soon. From any thread; never waits. */
    public void send(ControlMessage message) {
        if (!waiting.offer(message)) {
            end("the other side does not listen");
        }
    }

    private void end(String reason) {
        if (hasEnded.compareAndSet(false, true)) {
            hangUp();
            listener.onEnd(reason);
        }
    }

    private void hangUp() {
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone then
        }
    }

    /** What the tensors of the session are sealed with. */
    public SessionKeys keys() {
        return keys;
    }

    /** Address of the other side. */
    public InetAddress peer() {
        return socket.getInetAddress();
    }

    /** Hangs up; the listener hears of it unless it has heard of an end before. */
    @Override
    public void close() {
        if (listener == null) {
            hangUp();
        } else {
            end("closed");
        }
    }
}
