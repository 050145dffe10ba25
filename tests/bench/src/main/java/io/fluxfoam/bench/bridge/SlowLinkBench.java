package io.fluxfoam.bench.bridge;

import io.fluxfoam.bench.measure.SampleStatistics;
import io.fluxfoam.bench.process.Workspace;
import io.fluxfoam.chaos.wire.SharedKey;
import io.fluxfoam.chaos.wire.Weather;
import io.fluxfoam.chaos.wire.Wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How long a reader in the writer's own box waits for a tensor that is exported too: over a wire in
 * fair weather, over a slow one, and over one that is cut, in turn.
 */
final class SlowLinkBench {
    private static final int TENSOR_BYTES = 64 << 10;
    private static final long PACE_NS = 2_000_000;
    private static final int NETWORK_MTU_BYTES = 1_408;
    private static final List<Weather> WEATHERS =
            List.of(Weather.FAIR, new Weather(50, 0.05), Weather.CUT);

    private final double[][] p50Ns;
    private final double[][] p99Ns;

    private SlowLinkBench(int repetitions) {
        p50Ns = new double[WEATHERS.size()][repetitions];
        p99Ns = new double[WEATHERS.size()][repetitions];
    }

    static SlowLinkBench measure(long seed, int tensors, int repetitions)
            throws IOException, InterruptedException {
        SlowLinkBench bench = new SlowLinkBench(repetitions);
        int port = BridgeCommand.freePort();
        try (Workspace workspace = Workspace.create();
                Wire wire = new Wire(port, port + 1, seed);
                BridgePair pair = pair(workspace, port, wire.first())) {
            for (int i = -1; i < repetitions; i++) { // the first one is a warm-up
                for (int kind = 0; kind < WEATHERS.size(); kind++) {
                    wire.become(WEATHERS.get(kind));
                    bench.take(kind, Math.max(0, i), pair.localNs(tensors, PACE_NS));
                }
            }
        }
        return bench;
    }

    private static BridgePair pair(Workspace workspace, int port, InetSocketAddress peer)
            throws IOException, InterruptedException {
        String via = peer.getAddress().getHostAddress() + ":" + peer.getPort();
        return new BridgePair(
                workspace,
                "slow",
                port,
                via,
                TENSOR_BYTES,
                Optional.of(SharedKey.in(workspace.directory())),
                NETWORK_MTU_BYTES);
    }

    private void take(int kind, int repetition, long[] sortedNs) {
        p50Ns[kind][repetition] = SampleStatistics.percentile(sortedNs, 0.5);
        p99Ns[kind][repetition] = SampleStatistics.percentile(sortedNs, 0.99);
    }

    /** The figures beside a fair link, and how many times as long the others are. */
    String line() {
        return String.format(
                Locale.ROOT,
                "a local reader's wait      beside a fair link p50 %.1f us, p99 %.1f us; one of 50 ms and 5%% loss %.2fx, %.2fx;"
                        + " one that is cut %.2fx, %.2fx (medians of %d pairs)",
                SampleStatistics.median(p50Ns[0]) / 1e3,
                SampleStatistics.median(p99Ns[0]) / 1e3,
                ratio(p50Ns, 1),
                ratio(p99Ns, 1),
                ratio(p50Ns, 2),
                ratio(p99Ns, 2),
                p50Ns[0].length);
    }

    private static double ratio(double[][] ns, int kind) {
        double[] ratios = new double[ns[kind].length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = ns[kind][i] / ns[0][i];
        }
        return SampleStatistics.median(ratios);
    }
}
