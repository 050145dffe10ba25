package io.fluxfoam.bench.bridge;

import io.fluxfoam.bench.bridge.BridgedFoam.Use;
import io.fluxfoam.bench.process.Workspace;
import io.fluxfoam.chaos.wire.SharedKey;
import io.fluxfoam.distill.Roles;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code bench boxes}. */
@Command(
        name = "boxes",
        mixinStandardHelpOptions = true,
        description = {
            "Many foams on this machine, each with a bridge process, with a key: what a link costs by itself and with the loop's",
            "streams on it. CPU is in parts of one core, memory in MB; see docs/SCALE.md."
        })
public final class BoxesCommand implements Callable<Integer> {
    private static final long JOIN_NS = 120_000_000_000L;
    private static final long SETTLE_NS = 3_000_000_000L;
    private static final long LATE_NS = 2_000_000_000L;
    private static final long LEAST_FREE_BYTES = 2L << 30;
    private static final double MEGA = 1e6;

    @Option(
            names = "--boxes",
            paramLabel = "N",
            split = ",",
            defaultValue = "2,4,8",
            description = "How many; several, one after the other (default: ${DEFAULT-VALUE}).")
    private List<Integer> counts;

    @Option(
            names = "--topology",
            paramLabel = "KIND",
            defaultValue = "star",
            description =
                    "star: all import from the first; mesh: each from all others (default: ${DEFAULT-VALUE}).")
    private Topology topology;

    @Option(
            names = "--load",
            paramLabel = "KIND",
            defaultValue = Roles.SENSOR,
            description =
                    "What goes over each link, seven frames a second: sensor (picture and sound), teachers (features), or idle:"
                            + " nothing (default: ${DEFAULT-VALUE}).")
    private SourceShape load;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "Length of each measurement (default: ${DEFAULT-VALUE}).")
    private int seconds;

    private long published;

    @Override
    public Integer call() throws IOException, InterruptedException {
        for (int count : counts) {
            if (count < 2 || count > 64 || seconds < 1) {
                throw new IllegalArgumentException(
                        "--boxes="
                                + count
                                + " not in 2..64, or --seconds="
                                + seconds
                                + " not above 0");
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%5s %6s %9s %9s %7s %7s %7s %7s %8s %8s %8s %9s %9s%n",
                "boxes",
                "links",
                "CPU first",
                "CPU other",
                "MB 1st",
                "MB oth",
                "thr 1st",
                "thr oth",
                "shm 1st",
                "shm oth",
                "came %",
                "p50 ms",
                "MB/s");
        for (int count : counts) {
            if (availableBytes() < LEAST_FREE_BYTES) {
                System.out.println(count + " not reached: too little memory");
                return 0;
            }
            measure(count);
        }
        return 0;
    }

    private void measure(int count) throws IOException, InterruptedException {
        List<BridgedFoam> boxes = new ArrayList<>();
        try (Workspace workspace = Workspace.create()) {
            try {
                Path key = SharedKey.in(workspace.directory());
                List<String> addresses = addresses(count);
                for (int i = 0; i < count; i++) {
                    boxes.add(new BridgedFoam(workspace, i, topology, addresses, load, key));
                }
                measure(boxes);
            } finally {
                boxes.forEach(BridgedFoam::close);
            }
        }
    }

    private void measure(List<BridgedFoam> boxes) throws IOException, InterruptedException {
        long giveUpNs = System.nanoTime() + JOIN_NS;
        while (!boxes.stream().allMatch(BridgedFoam::isConnected)) {
            rest(boxes);
            if (System.nanoTime() - giveUpNs > 0) {
                throw new IOException("the bridges do not find each other: boxes=" + boxes.size());
            }
        }
        run(boxes, SETTLE_NS);
        List<Use> before = uses(boxes);
        long startNs = System.nanoTime();
        Arrivals arrivals = run(boxes, seconds * 1_000_000_000L);
        double tookNs = System.nanoTime() - startNs;
        show(boxes, before, uses(boxes), arrivals, tookNs);
    }

    private static List<Use> uses(List<BridgedFoam> boxes) throws IOException {
        List<Use> uses = new ArrayList<>();
        for (BridgedFoam box : boxes) {
            uses.add(box.use());
        }
        return uses;
    }

    private static void rest(List<BridgedFoam> boxes) throws IOException, InterruptedException {
        for (BridgedFoam box : boxes) {
            box.turn();
        }
        Thread.sleep(1);
    }

    /** Publishes at the loop's pace for so long, and waits a little for what is still under way. */
    private Arrivals run(List<BridgedFoam> boxes, long durationNs)
            throws IOException, InterruptedException {
        int frames =
                load == SourceShape.IDLE ? 0 : (int) (durationNs / 1e9 * SourceShape.PER_SECOND);
        long expected = frames * boxes.stream().mapToLong(BridgedFoam::mirroredStreams).sum();
        Arrivals arrivals = new Arrivals(published + 1, frames);
        long startNs = System.nanoTime();
        int done = 0;
        for (long tookNs = 0;
                tookNs < durationNs || arrivals.count() < expected && tookNs < durationNs + LATE_NS;
                tookNs = System.nanoTime() - startNs) {
            if (done < frames && tookNs >= done / SourceShape.PER_SECOND * 1e9) {
                done++;
                published++;
                arrivals.committed(published, System.nanoTime());
                for (BridgedFoam box : boxes) {
                    box.publish(published);
                }
            }
            for (BridgedFoam box : boxes) {
                box.drain(arrivals);
            }
            rest(boxes);
        }
        return arrivals;
    }

    private void show(
            List<BridgedFoam> boxes,
            List<Use> before,
            List<Use> after,
            Arrivals arrivals,
            double tookNs) {
        int links = 0;
        long expected = 0;
        for (int i = 0; i < boxes.size(); i++) {
            links += (int) topology.peersOf(i, boxes.size()).count();
            expected += boxes.get(i).mirroredStreams();
        }
        expected *= load == SourceShape.IDLE ? 0 : (int) (seconds * SourceShape.PER_SECOND);
        Use first = since(before.getFirst(), after.getFirst());
        List<Use> others = new ArrayList<>();
        for (int i = 1; i < boxes.size(); i++) {
            others.add(since(before.get(i), after.get(i)));
        }
        System.out.printf(
                Locale.ROOT,
                "%5d %6d %8.2f%% %8.2f%% %7.0f %7.0f %7d %7.0f %8.1f %8.1f %8s %9.1f %9.2f%n",
                boxes.size(),
                links,
                100 * first.cpuNs() / tookNs,
                100 * others.stream().mapToLong(Use::cpuNs).average().orElse(0) / tookNs,
                first.residentBytes() / MEGA,
                others.stream().mapToLong(Use::residentBytes).average().orElse(0) / MEGA,
                first.threads(),
                others.stream().mapToInt(Use::threads).average().orElse(0),
                first.mediaBytes() / MEGA,
                others.stream().mapToLong(Use::mediaBytes).average().orElse(0) / MEGA,
                expected == 0
                        ? "-"
                        : String.format(Locale.ROOT, "%.1f", 100.0 * arrivals.count() / expected),
                arrivals.millis(0.5),
                arrivals.bytes() * 1e3 / tookNs);
    }

    private static Use since(Use before, Use after) {
        return new Use(
                after.cpuNs() - before.cpuNs(),
                after.threads(),
                after.residentBytes(),
                after.mediaBytes());
    }

    /** Free ports, all different since all are held until the last is found. */
    private static List<String> addresses(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                held.add(probe);
                addresses.add("127.0.0.1:" + probe.getLocalPort());
            }
        } finally {
            for (ServerSocket probe : held) {
                probe.close();
            }
        }
        return addresses;
    }

    private static long availableBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
            if (line.startsWith("MemAvailable:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        return 0;
    }
}
