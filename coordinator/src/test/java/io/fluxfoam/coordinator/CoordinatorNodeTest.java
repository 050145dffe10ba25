package io.fluxfoam.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.coordinator.status.PageAddress;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.stream.ReadMode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

@Timeout(60)
class CoordinatorNodeTest {
    @TempDir Path directory;

    @Test
    void shouldServeTheFoamThatItIsPartOf() throws Exception {
        NodeRunner runner = launch(0);
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI status = URI.create("http://127.0.0.1:" + awaitPort() + "/api/status");
            String json =
                    client.send(HttpRequest.newBuilder(status).build(), BodyHandlers.ofString())
                            .body();
            assertTrue(json.startsWith("{\"foam\":\"foam\",\"uptimeSeconds\":"), json);
            assertTrue(
                    json.contains("{\"name\":\"coordinator\",\"role\":\"coordinator\",\"pid\":"),
                    json);
        } finally {
            runner.close();
        }
        assertEquals(NodeState.STOPPED, MarkView.read(foam(), "coordinator").state());
    }

    @Test
    void shouldTellWhatManifestsDeclareAlsoOfWhoHasLeft() throws Exception {
        NodeAgent reader =
                new NodeAgent() {
                    @Override
                    public void onStart(Node node) {
                        node.subscribe("camera/picture", ReadMode.LATEST);
                        node.reads("*/features");
                    }

                    @Override
                    public int doWork() {
                        return 0;
                    }
                };
        NodeRunner runner = launch(0);
        NodeContext context =
                new NodeContext().foam(directory.resolve("foam")).name("reader").role("student");
        NodeRunner peer = NodeRunner.launch(context, reader);
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + awaitPort() + "/api/status");
            HttpRequest request = HttpRequest.newBuilder(uri).build();
            Callable<String> status =
                    () -> {
                        Thread.sleep(100); // one address may not ask much oftener
                        return client.send(request, BodyHandlers.ofString()).body();
                    };
            String declared = "\"reads\":[\"camera/picture\",\"*/features\"],";
            while (!status.call().contains(declared)) {
                Thread.onSpinWait();
            }
            peer.close();
            String last = status.call();
            while (!last.contains("\"STOPPED\"")) {
                last = status.call();
            }
            assertTrue(last.contains(declared), last);
        } finally {
            peer.close();
            runner.close();
        }
    }

    @Test
    void shouldServeTheRestBesideAMarkThatIsRefused() throws Exception {
        FoamDirectory.create(directory.resolve("foam"));
        Path folder = Files.createDirectory(directory.resolve("foam/folder.mark"));
        NodeRunner runner = launch(0);
        try (HttpClient client = HttpClient.newHttpClient()) {
            int port = awaitPort();
            for (String path : new String[] {"/api/status", "/metrics"}) {
                URI uri = URI.create("http://127.0.0.1:" + port + path);
                HttpResponse<String> answer =
                        client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
                assertEquals(200, answer.statusCode());
                assertTrue(answer.body().contains("\"coordinator\""), answer.body());
            }
            CountersSnapshot counters =
                    CountersSnapshot.read(foam().file("coordinator", 1, "counters"));
            assertTrue(
                    counters.errors().stream()
                            .anyMatch(error ->
                                    error.text().contains("not a regular file: path=" + folder)),
                    () -> counters.errors().toString());
        } finally {
            runner.close();
        }
    }

    @Test
    void shouldFailWithTheAddressThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Throwable failure = launch(taken.getLocalPort()).await();
            assertEquals(
                    "cannot listen on 127.0.0.1:"
                            + taken.getLocalPort()
                            + ": Address already in use",
                    failure.getMessage());
        }
    }

    private NodeRunner launch(int port) throws IOException {
        return NodeRunner.launch(
                new NodeContext()
                        .foam(directory.resolve("foam"))
                        .name("coordinator")
                        .role("coordinator"),
                new CoordinatorNode(PageAddress.of("127.0.0.1"), port, AccessToken.NONE));
    }

    private FoamDirectory foam() throws IOException {
        return FoamDirectory.open(directory.resolve("foam"));
    }

    private int awaitPort() throws IOException {
        while (true) {
            double port =
                    CountersSnapshot.read(foam().file("coordinator", 1, "counters"))
                            .number("http.port");
            if (port > 0) {
                return (int) port;
            }
            Thread.onSpinWait();
        }
    }
}
