package io.fluxfoam.bench.bridge;

import io.fluxfoam.bench.measure.SampleStatistics;
import io.fluxfoam.bench.process.Workspace;
import io.fluxfoam.bench.transport.AeronUdp;
import io.fluxfoam.chaos.wire.SharedKey;
import io.fluxfoam.distill.Roles;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code bench bridge}. */
@Command(
        name = Roles.BRIDGE,
        mixinStandardHelpOptions = true,
        description = {
            "A stream of another foam, through two bridge processes on loopback, with a key and without, beside a bare Aeron",
            "publication over UDP with the same settings, measured in turn. With --learning or --cut instead: the loop with its",
            "teachers in another foam, beside the loop in one."
        })
public final class BridgeCommand implements Callable<Integer> {
    private static final long LARGE_BYTES = 16L << 20;
    private static final int SMALL_BYTES = 64 << 10;
    private static final long PACE_NS = 2_000_000;
    private static final double MEGA = 1e6;
    private static final double MICRO = 1e3;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Length of each measurement of the rate (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--tensors",
            paramLabel = "N",
            defaultValue = "500",
            description = "Tensors of each measurement of the time (default: ${DEFAULT-VALUE}).")
    private int tensors;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "Interleaved repetitions, of which the median is shown (default: ${DEFAULT-VALUE}).")
    private int repetitions;

    @Option(
            names = "--mtu",
            paramLabel = "BYTES",
            defaultValue = "65504",
            description = "Largest datagram (default: ${DEFAULT-VALUE}).")
    private int mtu;

    @Option(
            names = "--learning",
            paramLabel = "SECONDS",
            description =
                    "Instead: loops that learn for so long, in one box, over a bridge, and over one whose wire delays and loses.")
    private int learningSeconds;

    @Option(
            names = "--cut",
            paramLabel = "SECONDS",
            description = "Instead: a loop whose wire is cut for so long.")
    private int cutSeconds;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Of the first loop, and of what a wire loses (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (seconds < 1 || tensors < 1 || repetitions < 1) {
            throw new IllegalArgumentException(
                    "must be 1 or more: --seconds="
                            + seconds
                            + " --tensors="
                            + tensors
                            + " --repetitions="
                            + repetitions);
        }
        if (learningSeconds > 0 || cutSeconds > 0) {
            LearningBench bench = new LearningBench(seed);
            boolean isRight =
                    (learningSeconds == 0 || bench.run(learningSeconds, repetitions))
                            & (cutSeconds == 0 || bench.cut(cutSeconds));
            return isRight ? 0 : 1;
        }
        double[] rawRate = new double[repetitions];
        double[] plainRate = new double[repetitions];
        double[] sealedRate = new double[repetitions];
        double[] rawNs = new double[repetitions];
        double[] plainNs = new double[repetitions];
        double[] sealedNs = new double[repetitions];
        long forNs = seconds * 1_000_000_000L;
        try (Workspace workspace = Workspace.create()) {
            Optional<Path> key = Optional.of(SharedKey.in(workspace.directory()));
            int port = freePort();
            try (AeronUdp raw = new AeronUdp(workspace, port, mtu);
                    BridgePair plain = large(workspace, "plain", port + 2, Optional.empty());
                    BridgePair sealed = large(workspace, "sealed", port + 4, key)) {
                for (int i = -1; i < repetitions; i++) { // the first one is a warm-up
                    int at = Math.max(0, i);
                    rawRate[at] = raw.bytesPerSecond(LARGE_BYTES, forNs);
                    plainRate[at] = plain.bytesPerSecond(forNs);
                    sealedRate[at] = sealed.bytesPerSecond(forNs);
                }
            }
            port = freePort();
            try (AeronUdp raw = new AeronUdp(workspace, port, mtu);
                    BridgePair plain = small(workspace, "quick", port + 2, Optional.empty());
                    BridgePair sealed = small(workspace, "quick-sealed", port + 4, key)) {
                for (int i = -1; i < repetitions; i++) {
                    int at = Math.max(0, i);
                    rawNs[at] = raw.latencyNs(SMALL_BYTES, tensors, PACE_NS);
                    plainNs[at] = plain.latencyNs(tensors, PACE_NS);
                    sealedNs[at] = sealed.latencyNs(tensors, PACE_NS);
                }
            }
        }
        SlowLinkBench local = SlowLinkBench.measure(seed, tensors, repetitions);
        show("16 MiB tensors, MB/s", MEGA, rawRate, plainRate, sealedRate);
        show("64 KiB one way, p50 us", MICRO, rawNs, plainNs, sealedNs);
        System.out.println(local.line());
        return 0;
    }

    private BridgePair large(Workspace workspace, String name, int port, Optional<Path> key)
            throws IOException, InterruptedException {
        return new BridgePair(workspace, name, port, LARGE_BYTES, key, mtu);
    }

    private BridgePair small(Workspace workspace, String name, int port, Optional<Path> key)
            throws IOException, InterruptedException {
        return new BridgePair(workspace, name, port, SMALL_BYTES, key, mtu);
    }

    private static void show(
            String what, double unit, double[] raw, double[] plain, double[] sealed) {
        double base = SampleStatistics.median(raw);
        System.out.printf(
                Locale.ROOT,
                "%-24s raw Aeron UDP %8.1f   bridge %8.1f (%.2fx)   bridge with a key %8.1f (%.2fx)%n",
                what,
                base / unit,
                SampleStatistics.median(plain) / unit,
                SampleStatistics.median(plain) / base,
                SampleStatistics.median(sealed) / unit,
                SampleStatistics.median(sealed) / base);
    }

    /** With some more behind it. */
    static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0)) {
            return Math.min(probe.getLocalPort(), 65_000);
        }
    }
}
