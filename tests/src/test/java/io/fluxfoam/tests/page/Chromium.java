package io.fluxfoam.tests.page;

import static io.fluxfoam.node.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A headless Chromium of the machine, driven over the DevTools protocol: one connection, on which
 * every tab is a session.
 */
final class Chromium implements AutoCloseable {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome");
    private static final long WATCHDOG_SECONDS = 60;
    private static final JsonMapper JSON = new JsonMapper();

    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<Long, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final Map<String, Tab> tabs = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();
    private WebSocket socket;

    private Chromium(Process process) {
        this.process = process;
    }

    /**
     * The first on the PATH that starts; a name may also be that of a script that only says where
     * to get one.
     */
    static Optional<Path> find() throws IOException, InterruptedException {
        for (String name : NAMES) {
            for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
                Path file = Path.of(folder, name);
                if (Files.isExecutable(file) && run(file)) {
                    return Optional.of(file);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean run(Path file) throws IOException, InterruptedException {
        Process version =
                new ProcessBuilder(file.toString(), "--version")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        boolean hasEnded = version.waitFor(WATCHDOG_SECONDS, TimeUnit.SECONDS);
        version.destroyForcibly();
        return hasEnded && version.exitValue() == 0;
    }

    /**
     * Starts it. It resolves no name, so that nothing but the loopback can be reached, and leaves
     * nothing in /dev/shm.
     *
     * @param home an empty folder, for its profile and what it prints
     */
    static Chromium start(Path program, Path home) throws Exception {
        Path profile = Files.createDirectory(home.resolve("profile"));
        List<String> line =
                List.of(
                        program.toString(),
                        "--headless=new",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "--no-sandbox",
                        "--no-first-run",
                        "--disable-gpu",
                        "--disable-quic",
                        "--disable-sync",
                        "--disable-extensions",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-dev-shm-usage",
                        "--hide-scrollbars",
                        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                        "about:blank");
        Path log = home.resolve("chromium.log");
        Chromium chromium =
                new Chromium(
                        new ProcessBuilder(line)
                                .redirectErrorStream(true)
                                .redirectOutput(log.toFile())
                                .start());
        try {
            Path active = profile.resolve("DevToolsActivePort");
            eventually(
                    () -> "chromium listens: " + read(log),
                    () -> Files.readAllLines(active).size() >= 2);
            List<String> address = Files.readAllLines(active);
            chromium.connect(URI.create("ws://127.0.0.1:" + address.get(0) + address.get(1)));
            return chromium;
        } catch (Exception | Error e) {
            chromium.close();
            throw e;
        }
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void connect(URI address) throws Exception {
        socket = within(client.newWebSocketBuilder().buildAsync(address, new Messages()));
    }

    /** A new tab, empty. */
    Tab open() throws Exception {
        String target =
                ask(null, "Target.createTarget", Map.of("url", "about:blank"))
                        .get("targetId")
                        .asText();
        String session =
                ask(null, "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                        .get("sessionId")
                        .asText();
        Tab tab = new Tab(this, session);
        tabs.put(session, tab);
        tab.listen();
        return tab;
    }

    /** Gives a command and returns its result; {@code session} is null for the browser itself. */
    JsonNode ask(String session, String method, Map<String, ?> parameters) throws Exception {
        long id = lastId.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(id, answer);
        Map<String, Object> command =
                new ConcurrentHashMap<>(Map.of("id", id, "method", method, "params", parameters));
        if (session != null) {
            command.put("sessionId", session);
        }
        String text = JSON.writeValueAsString(command);
        synchronized (this) { // a socket sends one text at a time
            within(socket.sendText(text, true));
        }
        JsonNode message = within(answer);
        if (message.has("error")) {
            throw new IOException("chromium refuses: " + method + " " + message.get("error"));
        }
        return message.get("result");
    }

    private static <T> T within(CompletableFuture<T> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(WATCHDOG_SECONDS, TimeUnit.SECONDS);
    }

    /** Answers go to who asked, events to their tab. */
    private final class Messages implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
            text.append(part);
            if (isLast) {
                take(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void take(String message) {
            try {
                JsonNode node = JSON.readTree(message);
                if (node.has("id")) {
                    asked.remove(node.get("id").asLong()).complete(node);
                } else if (node.has("sessionId")
                        && tabs.containsKey(node.get("sessionId").asText())) {
                    tabs.get(node.get("sessionId").asText())
                            .event(node.get("method").asText(), node.get("params"));
                }
            } catch (IOException e) {
                throw new AssertionError("no JSON: " + message, e);
            }
        }
    }

    /** Ends it and all its processes, and waits until they are gone. */
    @Override
    public void close() {
        List<ProcessHandle> family = new ArrayList<>(process.descendants().toList());
        family.add(process.toHandle());
        family.forEach(ProcessHandle::destroyForcibly);
        family.forEach(member -> member.onExit().join());
        client.close();
    }
}
