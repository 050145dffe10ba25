package io.fluxfoam.bench.scale;

import io.fluxfoam.bench.process.ChildProcess;
import io.fluxfoam.bench.process.JavaLine;
import io.fluxfoam.bench.process.Workspace;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.liveness.FoamDirectory;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code bench nodes}. */
@Command(
        name = "nodes",
        mixinStandardHelpOptions = true,
        description = {
            "Light nodes in one foam, twice as many at each step: how long the new ones take to publish their manifests, until",
            "every node knows every other, and the memory of each."
        })
public final class NodesCommand implements Callable<Integer> {
    private static final int MOST_NODES = 256;
    private static final long POLL_MS = 5;
    private static final long LEAST_FREE_BYTES = 2L << 30;
    private static final Path MEMORY = Path.of("/proc/meminfo");

    @Option(
            names = "--max",
            paramLabel = "N",
            defaultValue = "64",
            description = "Most nodes, 1 to 256 (default: ${DEFAULT-VALUE}).")
    private int max;

    @Option(
            names = "--limit",
            paramLabel = "SECONDS",
            defaultValue = "240",
            description = "After this time no more nodes are started (default: ${DEFAULT-VALUE}).")
    private int limitSeconds;

    private final List<ChildProcess> nodes = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (max < 1 || max > MOST_NODES || limitSeconds < 1) {
            throw new IllegalArgumentException(
                    "--max="
                            + max
                            + " must be 1 to "
                            + MOST_NODES
                            + ", --limit="
                            + limitSeconds
                            + " 1 or more");
        }
        long deadlineNs = System.nanoTime() + limitSeconds * 1_000_000_000L;
        System.out.printf(
                Locale.ROOT,
                "%6s %14s %16s %12s %12s%n",
                "nodes",
                "started, ms",
                "discovered, ms",
                "PSS, MB",
                "RSS, MB");
        try (Workspace workspace = Workspace.create()) {
            FoamDirectory foam = FoamDirectory.create(workspace.directory().resolve("foam"));
            for (int count = 1; count <= max; count *= 2) {
                if (availableBytes() < LEAST_FREE_BYTES
                        || !step(workspace, foam, count, deadlineNs)) {
                    System.out.printf(
                            Locale.ROOT,
                            "%6d not reached: limitSeconds=%d availableMegabytes=%d%n",
                            count,
                            limitSeconds,
                            availableBytes() >> 20);
                    return 0;
                }
            }
        }
        return 0;
    }

    /** Brings the nodes to this number; false if the time is over before. */
    private boolean step(Workspace workspace, FoamDirectory foam, int count, long deadlineNs)
            throws IOException, InterruptedException {
        long execNs = System.nanoTime();
        while (nodes.size() < count) {
            String name = "light-" + (nodes.size() + 1);
            List<String> options = List.of("--foam", foam.path().toString(), "--name", name);
            nodes.add(
                    workspace.start(
                            name,
                            JavaLine.of(
                                    SmallNode.class,
                                    List.of("-Xmx48m", "-XX:TieredStopAtLevel=1"),
                                    options)));
        }
        double startedMillis = await(() -> hasManifests(foam, count), execNs, deadlineNs);
        double discoveredMillis = await(() -> knowEachOther(foam, count), execNs, deadlineNs);
        if (Double.isNaN(startedMillis) || Double.isNaN(discoveredMillis)) {
            return false;
        }
        System.out.printf(
                Locale.ROOT,
                "%6d %14.0f %16.0f %12.1f %12.1f%n",
                count,
                startedMillis,
                discoveredMillis,
                meanMegabytes("Pss:"),
                meanMegabytes("Rss:"));
        return true;
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static double await(Condition condition, long execNs, long deadlineNs)
            throws IOException, InterruptedException {
        while (!condition.holds()) {
            if (System.nanoTime() - deadlineNs > 0) {
                return Double.NaN;
            }
            Thread.sleep(POLL_MS);
        }
        return (System.nanoTime() - execNs) / 1e6;
    }

    private static boolean hasManifests(FoamDirectory foam, int count) throws IOException {
        Set<String> files = Set.copyOf(foam.list());
        for (int i = 1; i <= count; i++) {
            if (!files.contains(FoamDirectory.fileName("light-" + i, 1, "manifest"))) {
                return false;
            }
        }
        return true;
    }

    private static boolean knowEachOther(FoamDirectory foam, int count) throws IOException {
        for (int i = 1; i <= count; i++) {
            CountersSnapshot counters =
                    CountersSnapshot.read(foam.file("light-" + i, 1, "counters"));
            if (counters.values().getOrDefault(SmallNode.PEERS, 0L).longValue() < count - 1) {
                return false;
            }
        }
        return true;
    }

    private double meanMegabytes(String field) throws IOException {
        double kilobytes = 0;
        for (ChildProcess node : nodes) {
            kilobytes +=
                    kilobytes(Path.of("/proc", Long.toString(node.pid()), "smaps_rollup"), field);
        }
        return kilobytes / 1024 / nodes.size();
    }

    private static long availableBytes() throws IOException {
        return kilobytes(MEMORY, "MemAvailable:") << 10;
    }

    private static long kilobytes(Path file, String field) throws IOException {
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(field)) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("no such field: path=" + file + " field=" + field);
    }
}
