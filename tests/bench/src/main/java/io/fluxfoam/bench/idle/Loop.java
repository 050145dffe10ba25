package io.fluxfoam.bench.idle;

import io.fluxfoam.bench.process.JavaLine;
import io.fluxfoam.bench.process.Workspace;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.stream.StreamView;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The loop of the seven nodes, in processes of its own. */
record Loop(FoamDirectory foam) {
    static final String SENSOR = LoopNodes.SENSOR;
    static final String STUDENT = LoopNodes.STUDENT;
    static final List<String> ROLES =
            List.of(
                    LoopNodes.COORDINATOR,
                    SENSOR,
                    LoopNodes.TEACHER_VISION,
                    LoopNodes.TEACHER_WHISPER,
                    LoopNodes.TEACHER_LLM,
                    STUDENT,
                    LoopNodes.EVALUATOR);
    private static final String PREDICTIONS = ".heatmap.control";
    private static final long POLL_MS = 50;

    /** Starts one in this workspace, every node with these options. */
    static Loop start(Workspace workspace, List<String> options) throws IOException {
        FoamDirectory foam = FoamDirectory.create(workspace.directory().resolve("foam"));
        for (String role : ROLES) {
            List<String> line = new ArrayList<>(JavaLine.node(role, foam.path(), role));
            line.addAll(options);
            if (role.equals(LoopNodes.COORDINATOR)) {
                line.addAll(List.of("--port", "0"));
            }
            workspace.start(role, line);
        }
        return new Loop(foam);
    }

    /**
     * The loop is closed, and everything that happens once at a start has happened, when the
     * student predicts.
     */
    void awaitPrediction(long timeoutNs) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + timeoutNs;
        while (predictions().isEmpty()) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IOException(
                        "the student predicts nothing: foam="
                                + foam.path()
                                + " timeoutNs="
                                + timeoutNs);
            }
            Thread.sleep(POLL_MS);
        }
    }

    /** Control file of the student's predictions, once there is one. */
    Optional<String> predictions() throws IOException {
        for (String file : foam.list()) {
            if (file.startsWith(STUDENT + ".") && file.endsWith(PREDICTIONS)) {
                try {
                    return StreamView.read(foam.path().resolve(file)).sequence() > 0
                            ? Optional.of(file)
                            : Optional.empty();
                } catch (NoSuchFileException e) {
                    continue; // the student is leaving
                }
            }
        }
        return Optional.empty();
    }

    /** Process ids of the living nodes by name. */
    Map<String, Long> pids() throws IOException {
        Map<String, Long> pids = new TreeMap<>();
        for (String node : foam.nodes()) {
            MarkView mark = MarkView.read(foam, node);
            if (mark.state() == NodeState.ALIVE) {
                pids.put(node, mark.pid());
            }
        }
        return pids;
    }
}
