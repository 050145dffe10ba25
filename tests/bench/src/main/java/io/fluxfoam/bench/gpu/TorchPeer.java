package io.fluxfoam.bench.gpu;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fluxfoam.bench.process.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What a user of PyTorch would pick instead, where {@code python3} has a torch that sees a GPU: {@code torch_peer.py}. */
final class TorchPeer {
    private static final String SCRIPT = "torch_peer.py";
    private static final long PROBE_TIMEOUT_S = 120;
    private static final long RUN_TIMEOUT_S = 900;
    private static final List<String> NAMES = List.of("torch-queue", "torch-ring");

    private final Path script;

    private TorchPeer(Path script) {
        this.script = script;
    }

    /** Null where it cannot run. */
    static TorchPeer find(Workspace workspace) throws IOException, InterruptedException {
        boolean hasPython =
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "python3")));
        if (!hasPython) {
            return null;
        }
        Path directory = workspace.newDirectory("torch");
        String question = "import sys, torch; sys.exit(0 if torch.cuda.is_available() else 1)";
        Process probe = start(directory, List.of("python3", "-c", question));
        if (!probe.waitFor(PROBE_TIMEOUT_S, TimeUnit.SECONDS) || probe.exitValue() != 0) {
            probe.destroyForcibly().waitFor();
            return null;
        }
        Path script = directory.resolve(SCRIPT);
        try (InputStream in = TorchPeer.class.getResourceAsStream(SCRIPT)) {
            Files.copy(in, script);
        }
        return new TorchPeer(script);
    }

    /** All its rows; the script starts and ends its own processes. */
    List<GpuRow> measure(int device, List<Long> sizes, GpuBudget budget, boolean neighbour)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("python3", script.toString()));
        command.addAll(List.of(Integer.toString(device), Integer.toString(budget.warmups())));
        command.add(Integer.toString(budget.samples()));
        sizes.forEach(size -> command.add(Long.toString(size)));
        Process process = start(script.getParent(), command);
        if (!process.waitFor(RUN_TIMEOUT_S, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        List<GpuRow> rows = new ArrayList<>();
        try (Stream<String> lines = Files.lines(output(script.getParent()))) {
            for (String line : lines.filter(text -> text.startsWith("{")).toList()) {
                rows.add(row(line, neighbour));
            }
        }
        if (rows.isEmpty()) {
            for (String name : NAMES) {
                sizes.forEach(size -> rows.add(GpuRow.unmeasured(name, "poll", neighbour, size, "torch_peer.py said nothing")));
            }
        }
        return rows;
    }

    private static Process start(Path directory, List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output(directory).toFile())
                .start();
    }

    private static Path output(Path directory) {
        return directory.resolve("output");
    }

    /** {@code {"transport", "wait", "payloadBytes", "aloneNs": [...], "latenciesNs": [...]}} or with {@code "reason"}. */
    private static GpuRow row(String line, boolean neighbour) throws IOException {
        Map<String, Object> said = new ObjectMapper().readValue(line, new TypeReference<>() {});
        String transport = (String) said.get("transport");
        String waiting = (String) said.get("wait");
        long payloadBytes = ((Number) said.get("payloadBytes")).longValue();
        if (said.containsKey("reason")) {
            return GpuRow.unmeasured(transport, waiting, neighbour, payloadBytes, (String) said.get("reason"));
        }
        GpuRow.Repetition only = new GpuRow.Repetition(longs(said, "aloneNs"), longs(said, "latenciesNs"), null);
        return GpuRow.of(transport, waiting, neighbour, payloadBytes, List.of(only));
    }

    private static long[] longs(Map<String, Object> said, String field) {
        return ((List<?>) said.get(field)).stream().mapToLong(each -> ((Number) each).longValue()).toArray();
    }
}
