package io.fluxfoam.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.cli.Json;
import io.fluxfoam.coordinator.StatusServer.Document;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

class StatusServerTest {
    private final List<Exception> errors = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private StatusServer server;

    @BeforeEach
    void listen() throws IOException {
        server =
                StatusServer.listen(
                        "127.0.0.1",
                        0,
                        Map.of(
                                "/",
                                Document.page(StatusPage.load()),
                                "/api/status",
                                Document.json(() -> Json.compact(SampleFoam.status(60))),
                                "/broken",
                                Document.json(
                                        () -> {
                                            throw new IllegalStateException("secret of the server");
                                        })),
                        errors::add);
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
    void shouldRefuseARequestThatWasAddressedToAnotherNameOnLoopback() throws Exception {
        assertTrue(
                raw("GET /api/status HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
                        .startsWith("HTTP/1.1 421 "));
        assertTrue(
                raw("GET /api/status HTTP/1.1\r\nHost: localhost:"
                                + server.port()
                                + "\r\nConnection: close\r\n\r\n")
                        .startsWith("HTTP/1.1 200 "));
    }

    @Test
    void shouldNameTheAddressItCannotListenOn() {
        IOException e =
                assertThrows(
                        IOException.class,
                        () ->
                                StatusServer.listen(
                                                "127.0.0.1", server.port(), Map.of(), errors::add)
                                        .close());
        assertEquals(
                "cannot listen on 127.0.0.1:" + server.port() + ": Address already in use",
                e.getMessage());
    }

    private HttpResponse<String> ask(String method, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        return client.send(
                HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()).build(),
                BodyHandlers.ofString());
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
