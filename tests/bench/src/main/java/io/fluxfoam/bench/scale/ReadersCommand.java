package io.fluxfoam.bench.scale;

import io.fluxfoam.bench.measure.Durations;
import io.fluxfoam.bench.process.Workspace;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code bench readers}. */
@Command(
        name = "readers",
        mixinStandardHelpOptions = true,
        description = {
            "One stream of 64 KB tensors and 1 to 8 readers of the newest, each a process that sleeps between commits.",
            "First a thousand commits a second: how late each reader is. Then as many as the writer can: what each gets."
        })
public final class ReadersCommand implements Callable<Integer> {
    private static final long PAYLOAD_BYTES = 64L << 10;
    private static final int MOST = 8;
    private static final long MILLISECOND_NS = 1_000_000;

    @Option(
            names = "--max",
            paramLabel = "N",
            defaultValue = "8",
            description = "Most readers, 1 to 8 (default: ${DEFAULT-VALUE}).")
    private int max;

    @Option(
            names = "--commits",
            paramLabel = "N",
            defaultValue = "2000",
            description =
                    "Commits of the first part; ten times as many in the second (default: ${DEFAULT-VALUE}).")
    private int commits;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (max < 1 || max > MOST || commits < 1) {
            throw new IllegalArgumentException(
                    "--max="
                            + max
                            + " must be 1 to "
                            + MOST
                            + ", --commits="
                            + commits
                            + " 1 or more");
        }
        System.out.printf(
                Locale.ROOT,
                "%8s %12s %12s %12s %12s | %12s %16s %8s%n",
                "readers",
                "p50",
                "worst p99",
                "commit p50",
                "commit p99",
                "commits/s",
                "leases/s each",
                "missed");
        try (Workspace workspace = Workspace.create();
                Fanout fanout = new Fanout(workspace, "readers", PAYLOAD_BYTES, MOST)) {
            for (int readers = 1; readers <= max; readers++) {
                fanout.readers(readers);
                fanout.run(commits, MILLISECOND_NS / 10); // until all code is compiled
                Fanout.Run paced = fanout.run(commits, MILLISECOND_NS);
                Fanout.Run free = fanout.run(10 * commits, 0);
                double seconds = free.elapsedNs() / 1e9;
                long leases = free.seen().stream().mapToLong(Fanout.Seen::leases).sum();
                System.out.printf(
                        Locale.ROOT,
                        "%8d %12s %12s %12s %12s | %12.0f %16.0f %7.1f%%%n",
                        readers,
                        Durations.text(
                                paced.seen().stream()
                                        .mapToLong(Fanout.Seen::p50Ns)
                                        .average()
                                        .orElse(0)),
                        Durations.text(
                                paced.seen().stream()
                                        .mapToLong(Fanout.Seen::p99Ns)
                                        .max()
                                        .orElse(0)),
                        Durations.text(paced.commitP50Ns()),
                        Durations.text(paced.commitP99Ns()),
                        free.commits() / seconds,
                        leases / seconds / readers,
                        100.0 * (1 - (double) leases / free.commits() / readers));
            }
        }
        return 0;
    }
}
