package io.fluxfoam.chaos.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Where a coordinator serves its page. */
record StatusEndpoint(InetSocketAddress address) {
    private static final String HOST = "--host";
    private static final int TIMEOUT_MS = 500;

    /**
     * Of a coordinator.
     *
     * @param command its command line, which says on what address it listens
     * @param port that it got
     */
    static StatusEndpoint of(List<String> command, int port) throws IOException {
        InetAddress host = InetAddress.getLoopbackAddress();
        for (int i = 0; i < command.size(); i++) {
            String word = command.get(i);
            if (word.startsWith(HOST + "=")) {
                host = InetAddress.getByName(word.substring(HOST.length() + 1));
            } else if (word.equals(HOST) && i + 1 < command.size()) {
                host = InetAddress.getByName(command.get(i + 1));
            }
        }
        return new StatusEndpoint(
                new InetSocketAddress(
                        host.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : host, port));
    }

    /**
     * Whether it says 200 now. Whatever its address, it is asked by the name under which a
     * coordinator always answers.
     */
    boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(address, TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream()
                    .write(
                            "HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            String status =
                    new BufferedReader(
                                    new InputStreamReader(
                                            socket.getInputStream(), StandardCharsets.ISO_8859_1))
                            .readLine();
            return status != null && status.startsWith("HTTP/1.1 200");
        } catch (IOException e) {
            return false; // not yet
        }
    }
}
