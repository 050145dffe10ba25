package io.fluxfoam.bench.ipc;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.fluxfoam.bench.process.Workspace;
import io.fluxfoam.bench.transport.TransportKind;
import io.fluxfoam.bench.transport.Wait;
import io.fluxfoam.cli.ResultFile;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code bench ipc}. */
@Command(
        name = "ipc",
        mixinStandardHelpOptions = true,
        description = {
            "One-way latency and messages a second between two processes: ours, and what a user would pick instead.",
            "Beside each row, measured just before it: one cache line from core to core, and one thread copying memory."
        })
public final class IpcCommand implements Callable<Integer> {
    private static final long KB = 1L << 10;
    private static final long MB = 1L << 20;
    private static final List<Long> QUICK_SIZES = List.of(KB, 64 * KB, MB, 16 * MB);
    private static final List<Long> ALL_SIZES = List.of(KB, 64 * KB, MB, 16 * MB, 256 * MB);
    private static final Duration QUICK_LIMIT = Duration.ofSeconds(54);

    @Option(
            names = "--quick",
            description =
                    "1 KB to 16 MB, touch, ours with spin and blocking; ends within a minute.")
    private boolean quick;

    @Option(names = "--json", description = "Print JSON and nothing else.")
    private boolean json;

    @Option(
            names = "--plot",
            paramLabel = "FILE",
            description = "Also draw latency over size into an SVG file.")
    private Path plot;

    @Option(
            names = "--sizes",
            paramLabel = "SIZE",
            split = ",",
            converter = Sizes.class,
            description = "Message sizes, such as 1KB,64KB,16MB.")
    private List<Long> sizes;

    @Option(
            names = "--transports",
            paramLabel = "NAME",
            split = ",",
            description =
                    "foam, aeron, chronicle-queue, unix-socket, tcp, grpc; foam-c and foam-python, read by a process in C (which needs gcc) and in Python.")
    private List<String> transports;

    @Option(
            names = "--patterns",
            paramLabel = "NAME",
            split = ",",
            description = "touch (first and last line), all (every byte).")
    private List<Pattern> patterns;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "Interleaved repetitions, of which the median is shown (default: ${DEFAULT-VALUE}).")
    private int repetitions;

    @Option(names = "--smoke", hidden = true, description = "As little as possible.")
    private boolean smoke;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (repetitions < 1) {
            throw new IllegalArgumentException(
                    "--repetitions=" + repetitions + " must be 1 or more");
        }
        if (plot != null) {
            new ResultFile(plot).requireWritable();
        }
        List<Row> rows;
        try (Workspace workspace = Workspace.create();
                IpcBench bench = new IpcBench(workspace, cells(), this::budget)) {
            run(bench);
            rows = bench.rows();
        }
        System.out.println(
                json
                        ? new ObjectMapper().writeValueAsString(IpcResult.of(rows))
                        : IpcTable.of(rows));
        System.out.flush();
        if (plot != null) {
            new ResultFile(plot).write(LatencyPlot.of(rows));
        }
        return rows.stream().anyMatch(Row::isMeasured) ? 0 : 1;
    }

    private void run(IpcBench bench) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + remainingNs();
        say("starting the processes");
        bench.warmUp();
        long longestNs = 0;
        for (int done = 0;
                done < repetitions && (done == 0 || System.nanoTime() + longestNs < deadlineNs);
                done++) {
            say("repetition " + (done + 1) + " of " + repetitions);
            long startNs = System.nanoTime();
            bench.repeat(deadlineNs);
            longestNs = Math.max(longestNs, System.nanoTime() - startNs);
        }
        say("repetitions measured: " + bench.repetitions());
    }

    /** What is left of the time given, counted from the start of this process. */
    private long remainingNs() {
        if (!quick) {
            return Duration.ofDays(1).toNanos();
        }
        Instant start = ProcessHandle.current().info().startInstant().orElse(Instant.now());
        return QUICK_LIMIT.minus(Duration.between(start, Instant.now())).toNanos();
    }

    private Budget budget(long payloadBytes) {
        if (smoke) {
            return Budget.smoke(payloadBytes);
        }
        return quick ? Budget.quick(payloadBytes) : Budget.full(payloadBytes);
    }

    private List<Cell> cells() {
        List<TransportKind> kinds =
                transports == null
                        ? TransportKind.ofJava()
                        : transports.stream().map(TransportKind::ofLabel).toList();
        List<Cell> cells = new ArrayList<>();
        for (Pattern pattern :
                patterns != null
                        ? patterns
                        : quick ? List.of(Pattern.TOUCH) : List.of(Pattern.values())) {
            for (long payloadBytes : sizes != null ? sizes : quick ? QUICK_SIZES : ALL_SIZES) {
                for (TransportKind kind : kinds) {
                    for (Wait wait : kind.waits()) {
                        if (!quick || wait != Wait.BACKOFF) {
                            cells.add(new Cell(kind, wait, pattern, payloadBytes));
                        }
                    }
                }
            }
        }
        return cells;
    }

    private static void say(String event) {
        System.err.println("bench ipc: " + event);
    }
}
