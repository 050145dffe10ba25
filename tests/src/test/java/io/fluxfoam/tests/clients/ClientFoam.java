package io.fluxfoam.tests.clients;

import static io.fluxfoam.node.Eventually.eventually;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.liveness.FileTree;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.stream.StreamView;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A foam in shared memory with nodes in this JVM and in other processes. */
final class ClientFoam implements AutoCloseable {
    private final FoamDirectory foam;
    private final Path logs;
    private final Map<String, NodeRunner> runners = new TreeMap<>();
    private final List<ClientProcess> processes = new ArrayList<>();

    ClientFoam(Path directory) throws IOException {
        Path fast = Path.of("/dev/shm");
        foam =
                FoamDirectory.create(
                        Files.createTempDirectory(
                                Files.isWritable(fast) ? fast : directory, "clients"));
        logs = Files.createDirectories(directory.resolve("logs"));
    }

    Path path() {
        return foam.path();
    }

    /** A node in this JVM. */
    <A extends NodeAgent> A run(String name, A agent) throws IOException {
        runners.put(
                name,
                NodeRunner.launch(
                        new NodeContext().foam(foam.path()).name(name).role("toy"), agent));
        return agent;
    }

    /** A node in a process of its own. */
    ClientProcess start(String name, List<String> command, Object... arguments) throws IOException {
        return start(name, Map.of(), command, arguments);
    }

    ClientProcess start(
            String name, Map<String, String> more, List<String> command, Object... arguments)
            throws IOException {
        Map<String, String> environment = new TreeMap<>(ClientTools.environment(foam.path(), name));
        environment.putAll(more);
        ClientProcess process = ClientProcess.start(logs, environment, command, arguments);
        processes.add(process);
        return process;
    }

    MarkView mark(String node) throws IOException {
        return MarkView.read(foam, node);
    }

    /** Incarnation of the newest start; 0 if there was none. */
    long incarnation(String node) {
        try {
            return mark(node).incarnation();
        } catch (IOException e) {
            return 0;
        }
    }

    CountersSnapshot counters(String node) throws IOException {
        return CountersSnapshot.read(foam.file(node, incarnation(node), "counters"));
    }

    /** Lanes of a stream that have an owner. */
    long lanes(String node, String stream) throws IOException {
        return StreamView.read(foam.file(node, incarnation(node), stream + ".control"))
                .lanes()
                .stream()
                .filter(lane -> lane.owner() != 0)
                .count();
    }

    /** Ends the nodes of this JVM, which must not have failed. */
    void stopRunners() throws InterruptedException {
        for (Map.Entry<String, NodeRunner> runner : runners.entrySet()) {
            runner.getValue().stop();
            assertNull(runner.getValue().await(), runner.getKey());
        }
        runners.clear();
    }

    /** Nothing is left of anybody but what stays of everybody: mark, counters, error log. */
    void assertSwept() throws Exception {
        eventually("swept", () -> leftovers().isEmpty());
    }

    List<String> leftovers() throws IOException {
        return foam.list().stream()
                .filter(file -> !file.matches("created|cleaner\\.lock|.*\\.mark"))
                .filter(file -> !isNewestCounters(file))
                .toList();
    }

    private boolean isNewestCounters(String file) {
        String[] parts = file.split("\\.");
        return parts.length == 3
                && parts[2].equals("counters")
                && parts[1].equals(Long.toString(incarnation(parts[0])));
    }

    /** Nobody recorded an error. */
    void assertNoErrors(String... nodes) throws IOException {
        for (String node : nodes) {
            assertEquals(List.of(), counters(node).errors(), node);
        }
    }

    void assertStopped(String... nodes) throws IOException {
        for (String node : nodes) {
            assertEquals(NodeState.STOPPED, mark(node).state(), node);
        }
    }

    @Override
    public void close() throws IOException {
        processes.forEach(ClientProcess::close);
        runners.values().forEach(NodeRunner::close);
        FileTree.remove(foam.path());
    }
}
