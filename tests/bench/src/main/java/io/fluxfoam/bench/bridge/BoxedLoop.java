package io.fluxfoam.bench.bridge;

import io.fluxfoam.bench.process.ChildProcess;
import io.fluxfoam.bench.process.JavaLine;
import io.fluxfoam.bench.process.Workspace;
import io.fluxfoam.chaos.wire.Weather;
import io.fluxfoam.chaos.wire.Wire;
import io.fluxfoam.coordinator.status.FoamStatus;
import io.fluxfoam.coordinator.status.NodeStatus;
import io.fluxfoam.coordinator.status.StatusProbe;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.liveness.FoamDirectory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The loop of the seven nodes, all in one foam, or with the teachers in another and a bridge
 * between.
 */
final class BoxedLoop implements AutoCloseable {
    static final List<String> TEACHERS =
            List.of(LoopNodes.TEACHER_VISION, LoopNodes.TEACHER_WHISPER, LoopNodes.TEACHER_LLM);
    private static final String NEAR = "near";
    private static final String FAR = "far";
    private static final int NETWORK_MTU_BYTES = 1_408;
    private static final long STOP_MS = 20_000;

    private final Workspace workspace;
    private final long seed;
    private final FoamDirectory near;
    private final FoamDirectory far;
    private final List<ChildProcess> nodes = new ArrayList<>();
    private final Wire wire;

    private BoxedLoop(Workspace workspace, long seed, boolean isBridged, Path key)
            throws IOException {
        this.workspace = workspace;
        this.seed = seed;
        this.near = FoamDirectory.create(workspace.directory().resolve(NEAR));
        this.far = isBridged ? FoamDirectory.create(workspace.directory().resolve(FAR)) : near;
        int nearPort = freePort();
        int farPort = freePort();
        this.wire = isBridged ? new Wire(nearPort, farPort, seed) : null;
        for (String role :
                List.of(
                        LoopNodes.COORDINATOR,
                        LoopNodes.SENSOR,
                        LoopNodes.STUDENT,
                        LoopNodes.EVALUATOR)) {
            start(role, near);
        }
        for (String role : TEACHERS) {
            start(role, far);
        }
        if (isBridged) {
            bridge(near, NEAR, nearPort, wire.second(), key, LoopNodes.SENSOR, "teacher-*");
            bridge(far, FAR, farPort, wire.first(), key, "teacher-*", LoopNodes.SENSOR);
        }
    }

    static BoxedLoop inOneBox(Workspace workspace, long seed) throws IOException {
        return new BoxedLoop(workspace, seed, false, null);
    }

    /** Sensor, student and evaluator here, the teachers there; a wire between them as it says. */
    static BoxedLoop overABridge(Workspace workspace, long seed, Path key, Weather weather)
            throws IOException {
        BoxedLoop loop = new BoxedLoop(workspace, seed, true, key);
        loop.wire.become(weather);
        return loop;
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }

    private void start(String role, FoamDirectory foam) throws IOException {
        List<String> line = new ArrayList<>(JavaLine.node(role, foam.path(), role));
        switch (role) {
            case LoopNodes.COORDINATOR -> line.addAll(List.of("--port", "0"));
            case LoopNodes.SENSOR, LoopNodes.STUDENT ->
                    line.addAll(List.of("--seed", Long.toString(seed)));
            default -> {
                // as it is
            }
        }
        nodes.add(workspace.start(role, line));
    }

    private void bridge(
            FoamDirectory foam,
            String box,
            int port,
            InetSocketAddress peer,
            Path key,
            String exported,
            String imported)
            throws IOException {
        List<String> line = new ArrayList<>(JavaLine.node(Roles.BRIDGE, foam.path(), Roles.BRIDGE));
        line.addAll(List.of("--box", box, "--listen", "127.0.0.1:" + port));
        line.addAll(List.of("--peer", peer.getAddress().getHostAddress() + ":" + peer.getPort()));
        line.addAll(List.of("--key", key.toString(), "--mtu", Integer.toString(NETWORK_MTU_BYTES)));
        line.addAll(List.of("--export", exported, "--import", imported));
        nodes.add(workspace.start(Roles.BRIDGE + "-" + box, line));
    }

    /** Where the sensor, the student and the evaluator are. */
    Path near() {
        return near.path();
    }

    /** Where the teachers are. */
    Path far() {
        return far.path();
    }

    FoamStatus status() throws IOException {
        return status(near);
    }

    private static FoamStatus status(FoamDirectory foam) throws IOException {
        return new StatusProbe(foam, _ -> {}).status();
    }

    /** The teachers as they are where they run. */
    List<NodeStatus> teachers() throws IOException {
        return status(far).nodes().stream().filter(node -> TEACHERS.contains(node.name())).toList();
    }

    /** The teachers as the student sees them. */
    List<NodeStatus> mirrors() throws IOException {
        return status().nodes().stream().filter(node -> TEACHERS.contains(node.name())).toList();
    }

    /** How the wire is from now on. */
    void become(Weather weather) {
        wire.become(weather);
    }

    /** Waits until the student has learned from all teachers. */
    void awaitLearning(long timeoutNs) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + timeoutNs;
        while (!isLearning()) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IOException(
                        "the student does not learn from all teachers: foam="
                                + near.path()
                                + " timeoutNs="
                                + timeoutNs);
            }
            Thread.sleep(100);
        }
    }

    private boolean isLearning() throws IOException {
        FoamStatus status = status();
        return status.student().step() != null
                && status.student().step() > 0
                && TEACHERS.stream()
                        .allMatch(teacher ->
                                status.student().teachers().containsKey(teacher)
                                        && Boolean.TRUE.equals(
                                                status.student()
                                                        .teachers()
                                                        .get(teacher)
                                                        .present()));
    }

    /** Ends all nodes; the workspace removes what is left. */
    @Override
    public void close() throws IOException {
        for (ChildProcess node : nodes) {
            try {
                node.terminate(STOP_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (wire != null) {
            wire.close();
        }
    }
}
