package io.fluxfoam.bench.ipc;

import io.fluxfoam.bench.process.Workspace;
import io.fluxfoam.bench.transport.TransportKind;
import io.fluxfoam.bench.transport.Wait;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Measures all cells, one repetition of all after another, so that whatever the machine does
 * meanwhile meets all of them. A pair of processes lives for all cells of its transport; if one
 * cannot be measured its pair is replaced.
 */
final class IpcBench implements AutoCloseable {
    private static final long MAX_QUICK_WARM_UP_BYTES = 64L << 10;
    private final Workspace workspace;
    private final LongFunction<Budget> budgets;
    private final long largestBytes;
    private final Map<Cell, Measurements> measurements = new LinkedHashMap<>();
    private final Map<Line, Pair> pairs = new LinkedHashMap<>();
    private int started;

    /** A transport and how its readers wait. */
    private record Line(TransportKind transport, Wait waiting) {
        static Line of(Cell cell) {
            return new Line(cell.transport(), cell.waiting());
        }
    }

    IpcBench(Workspace workspace, List<Cell> cells, LongFunction<Budget> budgets) {
        this.workspace = workspace;
        this.budgets = budgets;
        this.largestBytes = cells.stream().mapToLong(Cell::payloadBytes).max().orElse(0);
        for (Cell cell : cells) {
            Measurements target = new Measurements(cell);
            measurements.put(cell, target);
            long most = cell.transport().maxPayloadBytes();
            if (cell.payloadBytes() > most) {
                target.fail(
                        "message too large: payloadBytes=" + cell.payloadBytes() + " most=" + most);
            }
        }
    }

    /** Starts all processes at once and runs each transport until its code is compiled. */
    void warmUp() throws IOException, InterruptedException {
        List<Line> lines =
                measurements.values().stream()
                        .filter(each -> !each.hasFailed())
                        .map(each -> Line.of(each.cell()))
                        .distinct()
                        .toList();
        for (Line line : lines) {
            pairs.put(line, start(line));
        }
        for (Line line : lines) {
            try {
                warmUp(line);
            } catch (IOException e) {
                giveUp(line, e);
            }
        }
    }

    private Pair start(Line line) throws IOException, InterruptedException {
        String name = line.transport.label() + "-" + line.waiting.label() + "-" + ++started;
        return Pair.start(workspace, name, line.transport, line.waiting, options(line.transport));
    }

    private List<String> options(TransportKind transport) {
        long heapMegabytes = 192 + (transport == TransportKind.GRPC ? 6 * (largestBytes >> 20) : 0);
        return List.of(
                "-Xmx" + heapMegabytes + "m", "-XX:MaxDirectMemorySize=4g", "-XX:-UsePerfData");
    }

    private void warmUp(Line line) throws IOException, InterruptedException {
        Pair pair = pairs.get(line);
        pair.awaitReady();
        for (Pattern pattern :
                measurements.keySet().stream().map(Cell::pattern).distinct().toList()) {
            Budget budget = budgets.apply(MAX_QUICK_WARM_UP_BYTES);
            pair.measureLimits(MAX_QUICK_WARM_UP_BYTES);
            pair.measureRate(pattern, 1_024, budget.timesLonger(4));
            pair.measureLatency(pattern, MAX_QUICK_WARM_UP_BYTES, budget);
        }
    }

    /** One repetition of all cells; those that have failed are left out. */
    void repeat(long deadlineNs) throws InterruptedException {
        for (Measurements each : measurements.values()) {
            if (System.nanoTime() - deadlineNs < 0 && !each.hasFailed()) {
                measure(each);
            }
        }
    }

    private void measure(Measurements target) throws InterruptedException {
        Cell cell = target.cell();
        Line line = Line.of(cell);
        try {
            Pair pair = pairs.get(line);
            if (pair == null) {
                pair = start(line);
                pairs.put(line, pair);
                warmUp(line);
            }
            Budget budget = budgets.apply(cell.payloadBytes());
            Pair.Limits limits = pair.measureLimits(cell.payloadBytes());
            Pair.Latencies latencies =
                    pair.measureLatency(cell.pattern(), cell.payloadBytes(), budget);
            target.add(
                    limits,
                    latencies,
                    pair.measureRate(cell.pattern(), cell.payloadBytes(), budget));
        } catch (IOException e) {
            target.fail(e.getMessage());
            giveUp(line, e);
        }
    }

    private void giveUp(Line line, IOException e) {
        System.err.println(
                line.transport.label() + " " + line.waiting.label() + ": " + e.getMessage());
        Pair pair = pairs.remove(line);
        if (pair != null) {
            pair.close();
        }
    }

    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Measurements each : measurements.values()) {
            rows.add(each.row());
        }
        return rows;
    }

    /** Fewest and most repetitions of any cell that was measured. */
    String repetitions() {
        int[] counts =
                measurements.values().stream()
                        .mapToInt(Measurements::repetitions)
                        .filter(n -> n > 0)
                        .sorted()
                        .toArray();
        if (counts.length == 0) {
            return "0";
        }
        int fewest = counts[0];
        int most = counts[counts.length - 1];
        return fewest == most ? Integer.toString(most) : fewest + " to " + most;
    }

    @Override
    public void close() {
        pairs.values().forEach(Pair::close);
    }
}
