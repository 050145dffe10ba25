package io.fluxfoam.chaos.wire;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** What the wire carries, and what it does not. */
@Timeout(60)
class WireTest {
    private static final int TIMEOUT_MS = 20_000;
    private static final int MOMENT_MS = 50;

    private DatagramSocket first;
    private DatagramSocket second;
    private ServerSocket door;
    private Wire wire;

    @BeforeEach
    void lay() throws Exception {
        InetAddress here = InetAddress.getByName("127.0.0.1");
        first = new DatagramSocket(new InetSocketAddress(here, 0));
        second = new DatagramSocket(new InetSocketAddress(here, 0));
        door = new ServerSocket(second.getLocalPort(), 10, here);
        door.setSoTimeout(TIMEOUT_MS);
        wire = new Wire(first.getLocalPort(), second.getLocalPort(), 1);
    }

    @AfterEach
    void takeAway() throws IOException {
        wire.close();
        door.close();
        first.close();
        second.close();
    }

    private static void send(DatagramSocket from, String text, InetSocketAddress to)
            throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        from.send(new DatagramPacket(bytes, bytes.length, to));
    }

    private static DatagramPacket receive(DatagramSocket by) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        by.setSoTimeout(TIMEOUT_MS);
        by.receive(packet);
        return packet;
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }

    private static void assertSilent(DatagramSocket by) throws IOException {
        by.setSoTimeout(MOMENT_MS);
        assertThrows(
                SocketTimeoutException.class,
                () -> by.receive(new DatagramPacket(new byte[100], 100)));
    }

    private Socket call() throws IOException {
        Socket caller = new Socket(wire.second().getAddress(), wire.second().getPort());
        caller.setSoTimeout(TIMEOUT_MS);
        return caller;
    }

    @Test
    void shouldCarryDatagramsAndTheirAnswers() throws Exception {
        send(first, "question", wire.second());
        DatagramPacket question = receive(second);
        assertEquals("question", text(question));
        send(second, "answer", (InetSocketAddress) question.getSocketAddress());
        DatagramPacket answer = receive(first);
        assertEquals("answer", text(answer));
        assertEquals(wire.second(), answer.getSocketAddress());
    }

    @Test
    void shouldShowTheHostACallerThatItCanAnswerByTheWire() throws Exception {
        try (Socket caller = call();
                Socket host = door.accept()) {
            assertEquals(wire.first().getAddress(), host.getInetAddress());
            caller.getOutputStream().write(1);
            assertEquals(1, host.getInputStream().read());
            host.getOutputStream().write(2);
            assertEquals(2, caller.getInputStream().read());
            caller.shutdownOutput();
            assertEquals(-1, host.getInputStream().read());
        }
    }

    @Test
    void shouldCarryNothingOneWayAndAllTheOther() throws Exception {
        send(first, "before", wire.second());
        DatagramPacket before = receive(second);
        wire.become(Weather.FAIR, Weather.CUT);
        send(first, "lost", wire.second());
        send(second, "answer", (InetSocketAddress) before.getSocketAddress());
        assertEquals("answer", text(receive(first)));
        assertSilent(second);
        wire.become(Weather.FAIR);
        send(first, "after", wire.second());
        assertEquals("after", text(receive(second)));
    }

    @Test
    void shouldKeepWhatAConnectionSaidUntilItIsMended() throws Exception {
        try (Socket caller = call();
                Socket host = door.accept()) {
            wire.become(Weather.CUT);
            caller.getOutputStream().write(1);
            host.setSoTimeout(MOMENT_MS);
            assertThrows(SocketTimeoutException.class, () -> host.getInputStream().read());
            wire.become(Weather.FAIR);
            host.setSoTimeout(TIMEOUT_MS);
            assertEquals(1, host.getInputStream().read());
        }
    }

    @Test
    void shouldNotTellOfACallerThatHasGivenUp() throws Exception {
        wire.become(Weather.CUT);
        call().close();
        door.setSoTimeout(MOMENT_MS);
        assertThrows(SocketTimeoutException.class, door::accept);
        wire.become(Weather.FAIR);
        try (Socket caller = call()) {
            door.setSoTimeout(TIMEOUT_MS);
            try (Socket host = door.accept()) {
                caller.getOutputStream().write(7);
                assertEquals(7, host.getInputStream().read(), "it is the second caller");
            }
        }
    }

    @Test
    void shouldDelayBothWays() throws Exception {
        wire.become(new Weather(40, 0));
        long sentNs = System.nanoTime();
        send(first, "late", wire.second());
        receive(second);
        assertTrue(System.nanoTime() - sentNs >= 40_000_000L);
        long calledNs = System.nanoTime();
        try (Socket caller = call();
                Socket host = door.accept()) {
            caller.getOutputStream().write(1);
            host.getInputStream().read();
            assertTrue(System.nanoTime() - calledNs >= 40_000_000L);
        }
    }

    @Test
    void shouldLoseAShare() throws Exception {
        wire.become(new Weather(0, 0.5));
        int[] received = new int[1];
        int[] sent = new int[1];
        eventually(
                () -> "both some and not all: " + received[0] + " of " + sent[0],
                () -> {
                    send(first, "perhaps", wire.second());
                    sent[0]++;
                    second.setSoTimeout(MOMENT_MS);
                    try {
                        second.receive(new DatagramPacket(new byte[100], 100));
                        received[0]++;
                    } catch (SocketTimeoutException e) {
                        return received[0] > 0;
                    }
                    return false;
                });
    }
}
