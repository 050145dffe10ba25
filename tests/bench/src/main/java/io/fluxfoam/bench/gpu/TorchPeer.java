package io.fluxfoam.bench.gpu;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.fluxfoam.bench.process.ChildProcess;
import io.fluxfoam.bench.process.Workspace;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a user of PyTorch would pick instead: {@code torch_peer.py}, a producer that starts its
 * consumer itself.
 */
final class TorchPeer implements GpuPeer {
    private static final String SCRIPT = "torch_peer.py";
    private static final long PROBE_TIMEOUT_S = 120;
    private static final long START_TIMEOUT_MS = 120_000;
    private static final long REPLY_TIMEOUT_MS = 180_000;

    private final Workspace workspace;
    private final ChildProcess producer;

    private TorchPeer(Workspace workspace, ChildProcess producer) {
        this.workspace = workspace;
        this.producer = producer;
    }

    /** What PyTorch offers. */
    enum Way {
        /** Its multiprocessing queue. */
        QUEUE("poll"),
        /** Slots shared once, an interprocess event for each: made by hand. */
        RING("gpu");

        private final String waiting;

        Way(String waiting) {
            this.waiting = waiting;
        }

        String word() {
            return this == QUEUE ? "queue" : "ring";
        }

        String transport() {
            return "torch-" + word();
        }

        String waiting() {
            return waiting;
        }
    }

    /** A {@code python3} with a torch that sees a GPU. */
    record Python(Workspace workspace, Path script, int device) {
        TorchPeer start(Way way, long payloadBytes) throws IOException, InterruptedException {
            List<String> line =
                    List.of(
                            "python3",
                            script.toString(),
                            Integer.toString(device),
                            way.word(),
                            Long.toString(payloadBytes));
            TorchPeer peer =
                    new TorchPeer(
                            workspace, workspace.start(way.transport() + "-" + payloadBytes, line));
            try {
                peer.figures(START_TIMEOUT_MS);
                return peer;
            } catch (IOException | InterruptedException e) {
                peer.close();
                throw e;
            }
        }
    }

    /** Null where it cannot run. */
    static Python find(Workspace workspace, int device) throws IOException, InterruptedException {
        boolean hasPython =
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "python3")));
        if (!hasPython) {
            return null;
        }
        Path directory = workspace.newDirectory("torch");
        String question = "import sys, torch; sys.exit(0 if torch.cuda.is_available() else 1)";
        Process probe =
                new ProcessBuilder("python3", "-c", question)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("probe").toFile())
                        .start();
        if (!probe.waitFor(PROBE_TIMEOUT_S, TimeUnit.SECONDS) || probe.exitValue() != 0) {
            probe.destroyForcibly().waitFor();
            return null;
        }
        Path script = directory.resolve(SCRIPT);
        try (InputStream in = TorchPeer.class.getResourceAsStream(SCRIPT)) {
            Files.copy(in, script);
        }
        return new Python(workspace, script, device);
    }

    @Override
    public GpuRow.Repetition measure(GpuBudget budget) throws IOException, InterruptedException {
        producer.send(budget.warmups() + " " + budget.samples());
        Map<String, List<Long>> figures = figures(REPLY_TIMEOUT_MS);
        return new GpuRow.Repetition(
                longs(figures.get("aloneNs")), longs(figures.get("latenciesNs")), null);
    }

    /** {@code ok JSON} or {@code failed REASON}. */
    private Map<String, List<Long>> figures(long timeoutMs)
            throws IOException, InterruptedException {
        String[] reply = producer.receive(timeoutMs).split(" ", 2);
        if (!reply[0].equals("ok")) {
            throw new IOException(reply[1]);
        }
        return new ObjectMapper().readValue(reply[1], new TypeReference<>() {});
    }

    private static long[] longs(List<Long> figures) {
        return figures.stream().mapToLong(Long::longValue).toArray();
    }

    /** Its consumer ends when the pipe to it breaks. */
    @Override
    public void close() {
        workspace.end(producer);
    }
}
