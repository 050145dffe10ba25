package io.fluxfoam.tests.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A tab, which notes all that a page complains about and all that it asks for. */
final class Tab {
    private final Chromium chromium;
    private final String session;
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    Tab(Chromium chromium, String session) {
        this.chromium = chromium;
        this.session = session;
    }

    void listen() throws Exception {
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            ask(domain + ".enable", Map.of());
        }
    }

    private JsonNode ask(String method, Map<String, ?> parameters) throws Exception {
        return chromium.ask(session, method, parameters);
    }

    void event(String method, JsonNode event) {
        switch (method) {
            case "Runtime.exceptionThrown" ->
                    complaints.add(event.get("exceptionDetails").toString());
            case "Runtime.consoleAPICalled" -> {
                if (List.of("error", "warning", "assert").contains(event.get("type").asText())) {
                    complaints.add("console: " + event.get("args"));
                }
            }
            case "Log.entryAdded" -> {
                JsonNode entry = event.get("entry");
                if (List.of("error", "warning").contains(entry.get("level").asText())) {
                    complaints.add(
                            entry.get("source").asText() + ": " + entry.get("text").asText());
                }
            }
            case "Network.requestWillBeSent" ->
                    requests.add(event.get("request").get("url").asText());
            case "Network.webSocketCreated" -> requests.add(event.get("url").asText());
            default -> {}
        }
    }

    void go(String address) throws Exception {
        ask("Page.navigate", Map.of("url", address));
    }

    /** Value of a JavaScript expression; a promise is waited for. */
    JsonNode value(String expression) throws Exception {
        JsonNode answer =
                ask(
                        "Runtime.evaluate",
                        Map.of(
                                "expression",
                                expression,
                                "returnByValue",
                                true,
                                "awaitPromise",
                                true));
        if (answer.has("exceptionDetails")) {
            throw new IOException(expression + ": " + answer.get("exceptionDetails"));
        }
        JsonNode value = answer.get("result").get("value");
        return value == null ? NullNode.getInstance() : value;
    }

    /** Makes the page that large, and what its reader likes light or dark. */
    void resize(int width, int height, boolean isDark) throws Exception {
        ask(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        Map<String, String> scheme =
                Map.of("name", "prefers-color-scheme", "value", isDark ? "dark" : "light");
        ask("Emulation.setEmulatedMedia", Map.of("features", List.of(scheme)));
    }

    /** The whole page, also what would have to be scrolled to. */
    void shoot(Path file) throws Exception {
        JsonNode shot =
                ask(
                        "Page.captureScreenshot",
                        Map.of("format", "png", "captureBeyondViewport", true));
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(shot.get("data").asText()));
    }

    /**
     * Console errors and warnings, exceptions, violations of the content security policy, requests
     * that failed.
     */
    List<String> complaints() {
        return complaints;
    }

    /** Addresses of all requests. */
    List<String> requests() {
        return requests;
    }
}
