package io.fluxfoam.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.util.stream.Collectors.joining;

import io.fluxfoam.coordinator.StatusServer.Document;
import io.fluxfoam.coordinator.status.Json;
import io.fluxfoam.coordinator.status.PageAddress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.IntStream;

@Timeout(60)
class StatusServerTest {
    @TempDir Path directory;
    private final List<Exception> errors = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private StatusServer server;

    @BeforeEach
    void listen() throws IOException {
        server = listen(AccessToken.NONE);
    }

    private StatusServer listen(AccessToken token) throws IOException {
        return listen("127.0.0.1", token);
    }

    private StatusServer listen(String host, AccessToken token) throws IOException {
        Supplier<String> broken =
                () -> {
                    throw new IllegalStateException("secret of the server");
                };
        Map<String, Document> documents =
                Map.of(
                        "/", Document.page(StatusPage.load()),
                        "/api/status", Document.json(() -> Json.compact(SampleFoam.status(60))),
                        "/broken", Document.json(broken));
        return StatusServer.listen(PageAddress.of(host), 0, token, documents, errors::add);
    }

    @AfterEach
    void close() {
        server.close();
        client.close();
    }

    @Test
    void shouldServeThePageWithItsOwnScriptAndStyleOnly() throws Exception {
        HttpResponse<String> page = ask("GET", "/");
        assertEquals(200, page.statusCode());
        assertEquals("text/html; charset=utf-8", header(page, "Content-Type"));
        assertTrue(page.body().startsWith("<!doctype html>"));
        String policy = header(page, "Content-Security-Policy");
        assertTrue(policy.startsWith("default-src 'none'; style-src 'sha256-"), policy);
        assertFalse(policy.contains("unsafe"), policy);
        assertFalse(
                page.body().replace("http://www.w3.org/2000/svg", "").contains("http://"),
                "a foreign resource");
        assertFalse(page.body().contains("https://"), "a foreign resource");
    }

    @Test
    void shouldServeTheStatusAsJson() throws Exception {
        HttpResponse<String> status = ask("GET", "/api/status");
        assertEquals(200, status.statusCode());
        assertEquals("application/json; charset=utf-8", header(status, "Content-Type"));
        assertTrue(
                status.body()
                        .startsWith(
                                "{\"foam\":\"foam-1000\",\"uptimeSeconds\":60.0,\"nodes\":[{\"name\":"));
    }

    @Test
    void shouldSendStrictHeadersWithEveryAnswer() throws Exception {
        for (HttpResponse<String> answer :
                List.of(ask("GET", "/"), ask("GET", "/api/status"), ask("GET", "/nowhere"))) {
            assertEquals("nosniff", header(answer, "X-Content-Type-Options"));
            assertEquals("DENY", header(answer, "X-Frame-Options"));
            assertEquals("no-referrer", header(answer, "Referrer-Policy"));
            assertEquals("same-origin", header(answer, "Cross-Origin-Resource-Policy"));
            assertEquals("no-store", header(answer, "Cache-Control"));
            assertTrue(header(answer, "Content-Security-Policy").startsWith("default-src 'none'"));
        }
    }

    @Test
    void shouldAnswerAnUnknownPathWith404() throws Exception {
        HttpResponse<String> answer = ask("GET", "/api/../etc/passwd");
        assertEquals(404, answer.statusCode());
        assertEquals("not found\n", answer.body());
    }

    @Test
    void shouldRefuseEveryMethodThatCouldChangeSomething() throws Exception {
        for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS")) {
            HttpResponse<String> answer = ask(method, "/api/status");
            assertEquals(405, answer.statusCode(), method);
            assertEquals("GET, HEAD", header(answer, "Allow"));
        }
        assertEquals(200, ask("HEAD", "/api/status").statusCode());
    }

    @Test
    void shouldKeepAFailureToItself() throws Exception {
        HttpResponse<String> answer = ask("GET", "/broken");
        assertEquals(500, answer.statusCode());
        assertEquals("internal error\n", answer.body());
        assertEquals("secret of the server", errors.getFirst().getMessage());
    }

    @Test
    void shouldAnswerByEveryNameOfItsLoopbackAddressAndNoOther() throws Exception {
        String own = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        List<String> hosts =
                new ArrayList<>(List.of("127.0.0.1", "127.0.0.2", "localhost", "LocalHost"));
        if (hasIpv6()) {
            hosts.add("::1");
        }
        for (String host : hosts) {
            server.close();
            server = listen(host, AccessToken.NONE);
            List<String> names =
                    List.of("localhost", "LOCALHOST.", "127.0.0.1", "127.0.0.2", "[::1]", own);
            for (String name : names) {
                assertEquals("200", statusFor(host, name), host + " asked as " + name);
                assertEquals("200", statusFor(host, name + ":" + server.port()), host);
            }
            for (String name :
                    List.of(
                            "evil.example",
                            "localhost.evil.example",
                            "127.0.0.1.evil.example",
                            "evil.example:" + server.port(),
                            "192.0.2.1",
                            "::1.evil.example",
                            own + ".evil.example",
                            "localhost..",
                            "[::1",
                            "")) {
                assertEquals("421", statusFor(host, name), host + " asked as " + name);
            }
        }
    }

    @Test
    void shouldAnswerByTheNameThatItWasGivenToListenOn() throws Exception {
        server.close();
        PageAddress alias = new PageAddress("Alias.Example", InetAddress.getByName("127.0.0.2"));
        server = StatusServer.listen(alias, 0, AccessToken.NONE, Map.of(), errors::add);
        assertEquals("404", statusFor("127.0.0.2", "alias.example"));
        assertEquals("404", statusFor("127.0.0.2", "alias.example.:" + server.port()));
        assertEquals("421", statusFor("127.0.0.2", "other.example"));
    }

    @Test
    void shouldPrintAddressesThatABrowserTakes() throws Exception {
        assertEquals("http://127.0.0.2:7070/", PageAddress.of("127.0.0.2").url(7070));
        assertEquals("http://[::1]:7070/", PageAddress.of("::1").url(7070));
        assertEquals("http://[::1]:7070/", PageAddress.of("[::1]").url(7070));
        assertEquals("http://127.0.0.1:7070/", PageAddress.of("0.0.0.0").url(7070));
        assertEquals("http://[::1]:7070/", PageAddress.of("::").url(7070));
        assertEquals("http://localhost:7070/", PageAddress.of("localhost").url(7070));
        assertThrows(IllegalArgumentException.class, () -> PageAddress.of(""));
    }

    private static boolean hasIpv6() throws IOException {
        try (ServerSocket _ = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
            return true;
        } catch (SocketException e) {
            System.out.println("no IPv6 on loopback: not asked at ::1");
            return false;
        }
    }

    private String statusFor(String listening, String hostHeader) throws IOException {
        String request =
                "GET /api/status HTTP/1.1\r\nHost: " + hostHeader + "\r\nConnection: close\r\n\r\n";
        while (true) {
            try (Socket socket = new Socket(InetAddress.getByName(listening), server.port())) {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                byte[] answer = socket.getInputStream().readAllBytes();
                String status = new String(answer, StandardCharsets.UTF_8).split(" ")[1];
                // It is asked more often than it allows.
                if (!status.equals("429")) {
                    return status;
                }
            }
        }
    }

    @Test
    void shouldSayNothingAboutTheFoamWithoutTheToken() throws Exception {
        server.close();
        server = listen(token("rw-------", "a-token-of-24-characters\n"));
        String path = "/api/status";
        assertEquals(200, ask("GET", "/").statusCode(), "the page itself is no secret");
        for (String authorization :
                List.of(
                        "Bearer a-token-of-24-character",
                        "Bearer a-token-of-24-characters2",
                        "Bearer ",
                        "Basic a-token-of-24-characters",
                        "a-token-of-24-characters")) {
            HttpResponse<String> answer = ask("GET", path, "Authorization", authorization);
            assertEquals(401, answer.statusCode(), authorization);
            assertEquals("Bearer", header(answer, "WWW-Authenticate"));
            assertEquals("a token is needed\n", answer.body());
        }
        assertEquals(401, ask("GET", path).statusCode());
        assertEquals(401, ask("GET", "/nowhere").statusCode(), "nor which paths there are");
        assertEquals(
                200,
                ask("GET", path, "Authorization", "Bearer a-token-of-24-characters").statusCode());
    }

    @Test
    void shouldTakeNoTokenThatOthersCouldReadOrGuess() throws Exception {
        assertRefused("open to others", "rw-r--r--", "a-token-of-24-characters");
        assertRefused("no token", "rw-------", "too-short");
        assertRefused("no token", "rw-------", "a token with blanks in it");
        assertRefused("no token", "rw-------", "x".repeat(2_000));
    }

    private void assertRefused(String reason, String mode, String text) {
        IOException e = assertThrows(IOException.class, () -> token(mode, text));
        assertTrue(
                e.getMessage().contains(reason) && !e.getMessage().contains(text), e.getMessage());
    }

    private AccessToken token(String mode, String text) throws IOException {
        Path file = Files.writeString(directory.resolve("token"), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        return AccessToken.read(file);
    }

    @Test
    void shouldNotAnswerWhoAsksTooOften() throws Exception {
        int refused = 0;
        for (int asked = 0; refused == 0; asked++) {
            HttpResponse<String> answer = ask("GET", "/");
            if (answer.statusCode() == 429) {
                refused++;
                assertEquals("too many requests\n", answer.body());
                assertEquals("1", header(answer, "Retry-After"));
                assertTrue(asked >= RequestRate.AT_ONCE, "asked=" + asked);
            }
        }
        while (ask("GET", "/").statusCode() != 200) {
            Thread.sleep(10); // until the allowance grows again
        }
    }

    @Test
    void shouldNotReadRequestsWithoutEnd() throws Exception {
        String head = "GET /api/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
        assertTrue(
                raw(head + "X-A: " + "x".repeat(8_000) + "\r\n\r\n").startsWith("HTTP/1.1 200 "));
        assertRefusedUnread(head + "X-A: " + "x".repeat(20_000) + "\r\n\r\n");
        assertRefusedUnread(
                head
                        + IntStream.range(0, 100)
                                .mapToObj(i -> "X-" + i + ": x\r\n")
                                .collect(joining())
                        + "\r\n");
        assertRefusedUnread("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        List<Socket> neverDone = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            neverDone.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
            String half = head + "Content-Length: 100000000\r\n\r\n" + "x".repeat(1_000);
            neverDone.getLast().getOutputStream().write(half.getBytes(StandardCharsets.US_ASCII));
        }
        assertEquals(200, ask("GET", "/api/status").statusCode(), "nobody waits for their bodies");
        for (Socket socket : neverDone) {
            socket.close();
        }
    }

    /** The server may hang up while the request is still on its way. */
    private void assertRefusedUnread(String request) {
        String answer;
        try {
            answer = raw(request);
        } catch (IOException e) {
            return;
        }
        assertFalse(answer.contains(" 200 "), answer);
        assertFalse(answer.contains("\tat "), answer);
    }

    @Test
    void shouldServeNoMoreConnectionsThanItHasRoomFor() throws Exception {
        List<Socket> waiting = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            waiting.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
        }
        long open = waiting.size();
        while (open == waiting.size()) {
            open = waiting.stream().filter(StatusServerTest::isOpen).count();
        }
        assertTrue(open > 10, "open=" + open);
        for (Socket socket : waiting) {
            socket.close();
        }
        boolean hasRoomAgain = false;
        while (!hasRoomAgain) {
            try {
                hasRoomAgain = raw("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").contains(" 200 ");
            } catch (SocketException e) {
                Thread.onSpinWait(); // it has not noticed yet that they are gone
            }
        }
    }

    private static boolean isOpen(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void shouldNameTheAddressItCannotListenOn() {
        IOException e =
                assertThrows(
                        IOException.class,
                        () ->
                                StatusServer.listen(
                                                PageAddress.of("127.0.0.1"),
                                                server.port(),
                                                AccessToken.NONE,
                                                Map.of(),
                                                errors::add)
                                        .close());
        assertEquals(
                "cannot listen on 127.0.0.1:" + server.port() + ": Address already in use",
                e.getMessage());
    }

    private HttpResponse<String> ask(String method, String path, String... headers)
            throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("missing");
    }
}
