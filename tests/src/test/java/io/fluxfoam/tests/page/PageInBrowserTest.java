package io.fluxfoam.tests.page;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import io.fluxfoam.bridge.Bridge;
import io.fluxfoam.coordinator.Coordinator;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.manifest.ChildJvm;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The status page of a real coordinator over a foam of real nodes, none of which has a name of the
 * default loop, and one of which is the mirror of one in another foam.
 */
@ExtendWith(InChromium.class)
@Timeout(300)
class PageInBrowserTest {
    private static final Path PICTURES =
            Path.of(System.getProperty("foam.home"), "tests", "target", "page");
    private static final int WIDE = 1400;
    private static final int NARROW = 400;

    /** What each node was started with but its name. */
    private static final Map<String, List<String>> NODES =
            Map.of(
                    "cam", List.of("--role", "sensor", "--publish", "picture,sound"),
                    "second-cam", List.of("--role", "sensor", "--publish", "picture"),
                    "eye",
                            List.of(
                                    "--role",
                                    "teacher",
                                    "--read",
                                    "cam/picture",
                                    "--publish",
                                    "features"),
                    "ear",
                            List.of(
                                    "--role",
                                    "teacher",
                                    "--read",
                                    "cam/sound",
                                    "--publish",
                                    "features"),
                    "other-eye",
                            List.of(
                                    "--role",
                                    "teacher",
                                    "--read",
                                    "second-cam/picture",
                                    "--publish",
                                    "features"),
                    "pupil",
                            List.of(
                                    "--role",
                                    "student",
                                    "--read",
                                    "cam/picture,cam/sound",
                                    "--plan",
                                    "*/features",
                                    "--follow",
                                    "eye,ear,far-eye"),
                    "judge", List.of("--role", "evaluator", "--read", "pupil/heatmap"),
                    "meter", List.of("--role", "light-meter", "--read", "second-cam/picture"));

    private static final String BOX = "gpu";

    /** In that box, and here its mirror. */
    private static final String FAR = "far-eye";

    /**
     * The edges that this means. Nobody publishes the heatmap, and the pupil reads no features of
     * the other eye.
     */
    private static final Map<String, String> EDGES =
            Map.of(
                    "cam>eye", "flowing",
                    "cam>ear", "flowing",
                    "cam>pupil", "flowing",
                    "eye>pupil", "flowing",
                    "ear>pupil", "flowing",
                    "far-eye>pupil", "flowing",
                    "second-cam>other-eye", "flowing",
                    "second-cam>meter", "flowing",
                    "pupil>judge", "declared");

    @TempDir static Path directory;
    private static final Map<String, ChildJvm> LIVING = new HashMap<>();
    private static Chromium chromium;
    private static int port;
    private static final int FAR_PORT = freePort();
    private Tab page;

    @BeforeAll
    static void startAll() throws Exception {
        startCoordinator(0);
        for (String name : NODES.keySet()) {
            start(name);
        }
        Object[] far = {
            "--foam", farPath(), "--name", FAR, "--role", "teacher", "--publish", "features"
        };
        LIVING.put(FAR, ChildJvm.start(directory.resolve("far.log"), Actor.class, far));
        startFarBridge();
        startBridge(
                "bridge", foamPath(), "near", freePort(), "--peer", at(FAR_PORT), "--import", FAR);
        Path home = Files.createDirectory(directory.resolve("chromium"));
        chromium = Chromium.start(Chromium.find().orElseThrow(), home);
        eventually("the coordinator listens", () -> boundPort() > 0);
        port = boundPort();
    }

    @AfterAll
    static void endAll() {
        LIVING.values().forEach(ChildJvm::close);
        if (chromium != null) {
            chromium.close();
        }
    }

    private static void start(String name) throws IOException {
        List<String> line = new ArrayList<>(List.of("--foam", foamPath(), "--name", name));
        line.addAll(NODES.get(name));
        LIVING.put(
                name,
                ChildJvm.start(directory.resolve(name + ".log"), Actor.class, line.toArray()));
    }

    private static void startCoordinator(int wantedPort) throws IOException {
        Object[] line = {"--foam", foamPath(), "--port", wantedPort};
        LIVING.put(
                "coordinator",
                ChildJvm.start(directory.resolve("coordinator.log"), Coordinator.class, line));
    }

    private static void startFarBridge() throws IOException {
        startBridge("far-bridge", farPath(), BOX, FAR_PORT, "--export", FAR);
    }

    private static void startBridge(
            String name, String foam, String box, int listenPort, String... what)
            throws IOException {
        List<String> line = new ArrayList<>(List.of("--foam", foam, "--box", box));
        line.addAll(List.of("--listen", at(listenPort)));
        line.addAll(List.of(what));
        LIVING.put(
                name,
                ChildJvm.start(directory.resolve(name + ".log"), Bridge.class, line.toArray()));
    }

    private static String at(int port) {
        return "127.0.0.1:" + port;
    }

    private static int freePort() {
        try (ServerSocket probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String farPath() {
        return directory.resolve("far").toString();
    }

    private static String foamPath() {
        return directory.resolve("foam").toString();
    }

    private static int boundPort() throws IOException {
        FoamDirectory foam = FoamDirectory.open(directory.resolve("foam"));
        long incarnation = MarkView.read(foam, "coordinator").incarnation();
        return (int)
                CountersSnapshot.read(foam.file("coordinator", incarnation, "counters"))
                        .number("http.port");
    }

    @BeforeEach
    void openPage() throws Exception {
        page = chromium.open();
        page.resize(WIDE, 1000, false);
        page.go("http://127.0.0.1:" + port + "/");
        awaitEdges("all edges are drawn as they are", EDGES);
        page.value("window.isTheSamePage = true");
    }

    @AfterEach
    void shouldHaveNothingToComplainOfAndAskNobodyElse() {
        assertEquals(List.of(), page.complaints());
        assertEquals(List.of(), foreign(page.requests()));
        assertTrue(page.requests().size() > 2, page.requests()::toString);
    }

    private static List<String> foreign(List<String> requests) {
        String own = "http://127.0.0.1:" + port + "/";
        return requests.stream()
                .filter(url -> !url.startsWith(own) && !url.startsWith("data:"))
                .toList();
    }

    /** {@code FROM>TO} and how it is drawn. */
    private Map<String, String> edges() {
        Map<String, String> edges = new TreeMap<>();
        JsonNode drawn =
                value(
                        "[...document.querySelectorAll('#flow .edge')].map(e => [e.dataset.from + '>' + e.dataset.to, e.classList[1]])");
        drawn.forEach(edge -> edges.put(edge.get(0).asText(), edge.get(1).asText()));
        return edges;
    }

    private JsonNode value(String expression) {
        try {
            return page.value(expression);
        } catch (Exception e) {
            throw new AssertionError(expression, e);
        }
    }

    /**
     * Waits until each edge has been drawn as wanted since now: on a crowded machine a stream rests
     * for a while, and seldom flow all in one look.
     */
    private void awaitEdges(String what, Map<String, String> wanted) throws InterruptedException {
        Set<String> seen = new TreeSet<>();
        eventually(
                () -> what + ": " + edges() + ", seen as wanted: " + seen,
                () -> {
                    Map<String, String> drawn = edges();
                    wanted.forEach((edge, how) -> {
                        if (how.equals(drawn.get(edge))) {
                            seen.add(edge);
                        }
                    });
                    return seen.equals(drawn.keySet()) && seen.size() == wanted.size();
                });
    }

    /** What the flow and the card say of a node, and its incarnation. */
    private List<String> shown(String node) {
        String bubble =
                value(
                                "document.querySelector('#flow [data-node="
                                        + node
                                        + "]').getAttribute('class')")
                        .asText();
        String card = "document.querySelector('#nodes [data-node=" + node + "] ";
        return List.of(
                bubble,
                value(card + ".state').textContent").asText(),
                value(card + "dd').textContent").asText());
    }

    private void awaitShown(String node, String state, String incarnation)
            throws InterruptedException {
        List<String> wanted = List.of(state, state, incarnation);
        eventually(
                () -> "shows " + node + " as " + wanted + ": " + shown(node),
                () -> shown(node).equals(wanted));
    }

    /** Kinds of the events, the newest first. */
    private String events() {
        return value("[...document.querySelectorAll('#events .state')].map(e => e.textContent)")
                .toString();
    }

    @Test
    void shouldShowADeathAndAComebackWithoutAReload() throws Exception {
        LIVING.get("ear").kill();
        awaitShown("ear", "DEAD", "1");
        Map<String, String> without = new HashMap<>(EDGES);
        without.put("cam>ear", "declared");
        without.put("ear>pupil", "declared");
        awaitEdges("its edges stay, and all others flow", without);
        start("ear");
        awaitShown("ear", "ALIVE", "2");
        awaitEdges("all flows again", EDGES);
        eventually(
                () -> "the events tell it: " + events(),
                () -> events().matches(".*\"rejoined\",.*\"died\".*"));
        assertTrue(value("window.isTheSamePage").asBoolean(), "it was reloaded");
    }

    /** What the card of the other box says: its link, round trip, loss and throughput. */
    private List<String> box() {
        JsonNode said =
                value(
                        "[...document.querySelectorAll('#boxes [data-box="
                                + BOX
                                + "] .top .state, #boxes [data-box="
                                + BOX
                                + "] dd')].map(e => e.textContent)");
        List<String> texts = new ArrayList<>();
        said.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    @Test
    void shouldShowTheOtherBoxAndTheLinkToIt() throws Exception {
        eventually(
                () -> "the link and its figures: " + box(),
                () ->
                        box().get(0).equals("link UP")
                                && box().get(1).matches("[0-9.]+ ms")
                                && box().get(3).matches("[1-9][0-9.,]* .?i?B/s"));
        String card = "document.querySelector('#nodes [data-node=" + FAR + "]').";
        assertTrue(value(card + "textContent").asText().contains("mirror of " + FAR + "@" + BOX));
        assertEquals(
                FAR + "@" + BOX,
                value(
                                "document.querySelector('#flow [data-node="
                                        + FAR
                                        + "] .nodename').textContent")
                        .asText());

        LIVING.get("far-bridge").kill();
        eventually(() -> "the link is down: " + box(), () -> box().get(0).equals("link DOWN"));
        awaitShown(FAR, "ALIVE", "1");
        eventually(
                "a mirror of which nothing is heard looks so",
                () ->
                        value(card + "classList.contains('unlinked')").asBoolean()
                                && "joined".equals(edges().get(FAR + ">pupil")));

        startFarBridge();
        eventually(() -> "the link is up: " + box(), () -> box().get(0).equals("link UP"));
        awaitEdges("all flows again", EDGES);
    }

    @Test
    void shouldMoveItsCurvesAndItsPulses() throws Exception {
        String points =
                "(document.querySelector('#loss .curve').getAttribute('d').match(/L/g) || []).length";
        eventually("there is a curve", () -> value(points).asInt() > 0);
        int before = value(points).asInt();
        String path = value("document.querySelector('#loss .curve').getAttribute('d')").asText();
        eventually("the curve has more points", () -> value(points).asInt() > before);
        assertTrue(
                !path.equals(
                        value("document.querySelector('#loss .curve').getAttribute('d')")
                                .asText()));
        // A pulse is soon at its end: what stays is that it has been there.
        page.value(
                "window.pulses = new Set(); new MutationObserver(changes => changes.forEach(change =>"
                        + " change.addedNodes.forEach(node => pulses.add(node.getAttribute?.('class')))))"
                        + ".observe(document.querySelector('#flow'), {childList: true, subtree:"
                        + " true})");
        eventually(
                "pulses of each kind are on their way",
                () ->
                        value("['sensor', 'teacher'].every(role => pulses.has('pulse ' + role))")
                                .asBoolean());
        String step = value("document.querySelector('#tiles').textContent").asText();
        eventually(
                "the steps go on",
                () -> !value("document.querySelector('#tiles').textContent").asText().equals(step));
    }

    @Test
    void shouldSayThatTheCoordinatorIsGoneAndGoOnWhenItIsBack() throws Exception {
        LIVING.get("coordinator").kill();
        eventually(
                "it is silent",
                () -> value("document.body.classList.contains('silent')").asBoolean());
        assertTrue(
                value("document.querySelector('#silence').textContent")
                        .asText()
                        .startsWith("The coordinator has not answered"));
        startCoordinator(port);
        eventually(
                "it is answered",
                () -> !value("document.body.classList.contains('silent')").asBoolean());
        awaitEdges("all flows again", EDGES);
        assertTrue(value("window.isTheSamePage").asBoolean(), "it was reloaded");
        page.complaints()
                .removeIf(complaint ->
                        complaint.contains("net::ERR_CONNECTION_REFUSED")
                                || complaint.contains("net::ERR_EMPTY_RESPONSE")
                                || complaint.contains("net::ERR_CONNECTION_RESET"));
    }

    @Test
    void shouldFitWideAndNarrowLightAndDark() throws Exception {
        for (int width : new int[] {WIDE, NARROW}) {
            for (boolean isDark : new boolean[] {false, true}) {
                page.resize(width, 1000, isDark);
                eventually(
                        "the flow has the page's width",
                        () ->
                                value("document.querySelector('#flow svg').viewBox.baseVal.width")
                                                .asInt()
                                        == value("document.querySelector('#flow').clientWidth")
                                                .asInt());
                assertEquals(
                        width,
                        value("document.scrollingElement.scrollWidth").asInt(),
                        "has to be scrolled sideways");
                assertEquals(List.of(), outside(), "stand outside of the flow");
                page.shoot(
                        PICTURES.resolve(
                                (width == WIDE ? "wide" : "narrow")
                                        + (isDark ? "-dark" : "")
                                        + ".png"));
            }
        }
    }

    /** Bubbles and edges that are cut off. */
    private List<String> outside() {
        JsonNode cut =
                value(
                        "(() => { const box = document.querySelector('#flow svg').getBoundingClientRect();"
                                + " return [...document.querySelectorAll('#flow .bubble, #flow .edge')].filter(e => {"
                                + " const r = e.getBoundingClientRect(); return r.left < box.left || r.right > box.right"
                                + " || r.top < box.top || r.bottom > box.bottom; }).map(e => e.outerHTML); })()");
        List<String> names = new ArrayList<>();
        cut.forEach(e -> names.add(e.asText()));
        return names;
    }

    /** The control: what no page may do is noticed. */
    @Test
    void shouldNoticeWhatAPageMustNotDo() throws Exception {
        Tab bad = chromium.open();
        bad.go("http://127.0.0.1:" + port + "/");
        eventually(
                "it is there", () -> bad.value("document.readyState").asText().equals("complete"));
        assertEquals(List.of(), bad.complaints());
        bad.value("console.error('planted')");
        bad.value("setTimeout(() => { throw new Error('thrown'); })");
        bad.value(
                "document.head.append(Object.assign(document.createElement('style'), {textContent: 'a{}'}))");
        for (String planted : List.of("planted", "thrown", "Content Security Policy")) {
            eventually(
                    () -> "notices " + planted + ": " + bad.complaints(),
                    () ->
                            bad.complaints().stream()
                                    .anyMatch(complaint -> complaint.contains(planted)));
        }
        assertEquals(List.of(), foreign(bad.requests()));
        bad.go("about:blank");
        eventually("it is empty", () -> bad.value("location.href").asText().equals("about:blank"));
        bad.value("fetch('http://192.0.2.1/').catch(() => {})");
        eventually(
                "the request is noticed",
                () -> foreign(bad.requests()).contains("http://192.0.2.1/"));
    }
}
