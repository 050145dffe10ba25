package io.fluxfoam.bridge.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.liveness.NodeState;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Who gets in, and what becomes of the others. */
@Timeout(60)
class DoorTest {
    private static final long SEED = Long.getLong("seed", 20261129L);
    private static final int FUZZED = 100_000;

    private final BlockingQueue<ControlChannel> admitted = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> refused = new LinkedBlockingQueue<>();
    private InetSocketAddress address;
    private Door door;

    /** What a channel hears, in its order. */
    private static final class Ears implements ControlChannel.Listener {
        private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();

        @Override
        public void onMessage(ControlMessage message) {
            heard.add(message);
        }

        @Override
        public void onEnd(String reason) {
            heard.add(reason);
        }
    }

    @BeforeEach
    void open() throws IOException {
        try (ServerSocket probe = new ServerSocket(0)) {
            address = new InetSocketAddress("127.0.0.1", probe.getLocalPort());
        }
        door = Door.open(address, TestKeys.key(1), admitted::add, refused::add);
    }

    @AfterEach
    void close() throws IOException {
        door.close();
    }

    @Test
    void shouldTalkToWhoHasTheKey() throws Exception {
        Ears ears = new Ears();
        try (ControlChannel caller = ControlChannel.call(address, TestKeys.key(1));
                ControlChannel host = admitted.take()) {
            host.start(ears);
            caller.start(new Ears());
            for (long i = 0; i < 100; i++) {
                caller.send(new ControlMessage.Ping(i));
                assertEquals(new ControlMessage.Ping(i), ears.heard.take());
            }
        }
        assertInstanceOf(String.class, ears.heard.take());
    }

    @Test
    void shouldRefuseAnotherKey() throws Exception {
        assertThrows(RefusedException.class, () -> ControlChannel.call(address, TestKeys.key(2)));
        assertTrue(refused.take().contains("another key"));
        assertThrows(IOException.class, () -> ControlChannel.call(address, BridgeKey.none()));
        assertTrue(refused.take().contains("one side has a key"));
        assertTrue(admitted.isEmpty());
    }

    @Test
    void shouldTurnAwayGarbageAndThoseWhoSayNothing() throws Exception {
        Random random = new Random(SEED);
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            silent.add(new Socket(address.getAddress(), address.getPort()));
        }
        try (Socket oneMore = new Socket(address.getAddress(), address.getPort())) {
            assertTrue(refused.take().contains("too many callers"));
            assertEquals(-1, oneMore.getInputStream().read());
        }
        for (Socket socket : silent) {
            socket.close();
        }
        for (int i = 0; i < 16; i++) {
            assertTrue(refused.take().contains("no bridge"));
        }
        for (int i = 0; i < 200; i++) {
            try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                byte[] garbage = new byte[random.nextInt(200)];
                random.nextBytes(garbage);
                socket.getOutputStream().write(garbage);
            } catch (IOException e) {
                // it has hung up already
            }
            refused.take();
        }
        assertTrue(admitted.isEmpty());
        ControlChannel.call(address, TestKeys.key(1)).close();
        admitted.take().close();
    }

    @Test
    void shouldMakeNothingOfMessagesThatAreNone() throws IOException {
        Random random = new Random(SEED);
        List<byte[]> messages = new ArrayList<>();
        for (ControlMessage message :
                List.of(
                        new ControlMessage.Want(
                                "two", 7700, List.of("a/*"), List.of(), Map.of("a", 3L)),
                        new ControlMessage.Welcome("one", 5),
                        new ControlMessage.State("a", 3, NodeState.DEAD, Map.of("b", 9L)),
                        new ControlMessage.Refusal("no"))) {
            byte[] bytes = ControlMessage.encode(message);
            messages.add(bytes);
            assertEquals(message, ControlMessage.decode(bytes, 0, bytes.length));
        }
        int refusals = 0;
        for (int i = 0; i < FUZZED; i++) {
            byte[] bytes = messages.get(random.nextInt(messages.size())).clone();
            for (int bits = 1 + random.nextInt(4); bits > 0; bits--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                ControlMessage.decode(bytes, 0, random.nextInt(bytes.length + 1));
            } catch (IOException e) {
                refusals++;
            }
        }
        assertTrue(refusals > FUZZED / 2, "refusals=" + refusals);
    }

    @Test
    void shouldRefuseAKeyThatOthersCanRead(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("key");
        Files.write(file, new byte[40]);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        IOException open = assertThrows(IOException.class, () -> BridgeKey.read(file));
        assertTrue(open.getMessage().contains("mode=640"), open.getMessage());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertTrue(BridgeKey.read(file).isThere());
        Files.write(file, new byte[31]);
        IOException small = assertThrows(IOException.class, () -> BridgeKey.read(file));
        assertTrue(small.getMessage().contains("bytes=31"), small.getMessage());
        assertTrue(refused.poll(0, TimeUnit.SECONDS) == null);
    }
}
