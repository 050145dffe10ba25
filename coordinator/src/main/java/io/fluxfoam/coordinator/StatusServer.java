package io.fluxfoam.coordinator;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.fluxfoam.coordinator.status.PageAddress;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Serves a few read-only documents over HTTP, and nothing else.
 *
 * <p>Everything is bounded: threads, waiting requests, connections, the size of a request, the time
 * a request or a response may take, and how often one address may ask. A client gets short texts,
 * never a stack trace. With a token, nothing about the foam is said without it. While it listens on
 * a loopback address it answers only requests addressed to this machine ({@link PageAddress}).
 */
public final class StatusServer implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int WAITING_REQUESTS = 64;

    static {
        // The JDK's server reads its limits and habits from system properties, once, when its first
        // instance
        // is made.
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        System.setProperty("sun.net.httpserver.maxRspTime", "30");
        System.setProperty("sun.net.httpserver.idleInterval", "30");
        System.setProperty("sun.net.httpserver.maxReqHeaders", "50");
        System.setProperty("sun.net.httpserver.maxReqHeaderSize", "16384");
        System.setProperty(
                "sun.net.httpserver.drainAmount",
                "0"); // waits for no body: a connection for each request
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("jdk.httpserver.maxConnections", "64");
    }

    private final PageAddress address;
    private final AccessToken token;
    private final RequestRate rate = new RequestRate();
    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final Map<String, Document> documents;
    private final Consumer<Exception> errors;

    /**
     * What one path answers with.
     *
     * @param contentType as the header says it
     * @param securityPolicy value of Content-Security-Policy
     * @param isOpen whether it is given to callers without the token too
     * @param body called once for each request, on one of the server's threads
     */
    public record Document(
            String contentType, String securityPolicy, boolean isOpen, Supplier<byte[]> body) {
        private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";

        static Document json(Supplier<String> json) {
            return text("application/json; charset=utf-8", json);
        }

        /** Numbers, as they lie in memory. */
        static Document bytes(Supplier<byte[]> body) {
            return new Document("application/octet-stream", NOTHING, false, body);
        }

        static Document text(String contentType, Supplier<String> text) {
            return new Document(
                    contentType, NOTHING, false, () -> text.get().getBytes(StandardCharsets.UTF_8));
        }

        /** The page itself says nothing about the foam; its script asks for that with the token. */
        static Document page(StatusPage page) {
            byte[] utf8 = page.utf8();
            return new Document(
                    "text/html; charset=utf-8", page.contentSecurityPolicy(), true, () -> utf8);
        }
    }

    private StatusServer(
            PageAddress address,
            int port,
            AccessToken token,
            Map<String, Document> documents,
            Consumer<Exception> errors)
            throws IOException {
        this.address = address;
        this.token = token;
        this.documents = Map.copyOf(documents);
        this.errors = errors;
        this.server =
                HttpServer.create(new InetSocketAddress(address.address(), port), WAITING_REQUESTS);
        this.threads =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        30,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(WAITING_REQUESTS),
                        Thread.ofPlatform().daemon().name("status-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
    }

    /**
     * Listens and answers until it is closed.
     *
     * @param address to listen on
     * @param port 0 takes any that is free
     * @param token what callers have to bring
     * @param documents by exact path
     * @param errors told of every failure to make a document
     * @throws IOException that names the address, if it cannot be listened on
     */
    public static StatusServer listen(
            PageAddress address,
            int port,
            AccessToken token,
            Map<String, Document> documents,
            Consumer<Exception> errors)
            throws IOException {
        try {
            StatusServer status = new StatusServer(address, port, token, documents, errors);
            status.server.start();
            return status;
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen on " + address.authority(port) + ": " + e.getMessage(), e);
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Document document = documents.get(exchange.getRequestURI().getPath());
            String method = exchange.getRequestMethod();
            if (!rate.allows(exchange.getRemoteAddress().getAddress(), System.nanoTime())) {
                exchange.getResponseHeaders().set("Retry-After", "1");
                refuse(exchange, 429, "too many requests");
            } else if (!address.admits(exchange.getRequestHeaders().getFirst("Host"))) {
                refuse(exchange, 421, "this address serves localhost only");
            } else if (!admits(exchange, document)) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
                refuse(exchange, 401, "a token is needed");
            } else if (document == null) {
                refuse(exchange, 404, "not found");
            } else if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                refuse(exchange, 405, "only GET");
            } else {
                serve(exchange, document);
            }
        }
    }

    private boolean admits(HttpExchange exchange, @Nullable Document document) {
        return document != null && document.isOpen()
                || token.admits(exchange.getRequestHeaders().getFirst("Authorization"));
    }

    private void serve(HttpExchange exchange, Document document) throws IOException {
        byte[] body;
        try {
            body = document.body().get();
        } catch (RuntimeException e) {
            errors.accept(e);
            refuse(exchange, 500, "internal error");
            return;
        }
        send(exchange, 200, document.contentType(), document.securityPolicy(), body);
    }

    private static void refuse(HttpExchange exchange, int status, String reason)
            throws IOException {
        byte[] body = (reason + "\n").getBytes(StandardCharsets.UTF_8);
        send(exchange, status, "text/plain; charset=utf-8", Document.NOTHING, body);
    }

    private static void send(
            HttpExchange exchange,
            int status,
            String contentType,
            String securityPolicy,
            byte[] body)
            throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", contentType);
        headers.set("Content-Security-Policy", securityPolicy);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cache-Control", "no-store");
        headers.set("Connection", "close");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
