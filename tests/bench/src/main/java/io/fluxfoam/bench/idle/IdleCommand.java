package io.fluxfoam.bench.idle;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.fluxfoam.bench.process.ThreadTimes;
import io.fluxfoam.bench.process.Workspace;
import io.fluxfoam.liveness.FoamDirectory;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code bench idle}. */
@Command(
        name = "idle",
        mixinStandardHelpOptions = true,
        description = {
            "What the loop's seven nodes cost while their sensor is paused (SIGSTOP): CPU of the threads named foam-data-*, and",
            "of all others. Starts a loop of its own, or joins one that runs; there the sensor goes on afterwards."
        })
public final class IdleCommand implements Callable<Integer> {
    private static final int BUSIEST = 5;

    @Option(names = "--json", description = "Print JSON and nothing else.")
    private boolean json;

    @Option(
            names = "--foam",
            paramLabel = "DIR",
            description = "A foam that runs already (default: one of our own).")
    private Path running;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "30",
            description = "How long to look (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--run",
            paramLabel = "N",
            defaultValue = "60",
            description =
                    "Seconds that a loop of our own runs before: code that is not compiled yet costs several times as much"
                            + " (default: ${DEFAULT-VALUE}).")
    private int runSeconds;

    @Option(
            names = "--settle",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "Seconds from the sensor's pause until then: what is under way ends (default: ${DEFAULT-VALUE}).")
    private int settleSeconds;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "Longest wait until the student predicts (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (seconds < 1 || runSeconds < 0 || settleSeconds < 0 || timeoutSeconds < 1) {
            throw new IllegalArgumentException(
                    "--seconds="
                            + seconds
                            + " and --timeout="
                            + timeoutSeconds
                            + " must be 1 or more, --run="
                            + runSeconds
                            + " and --settle="
                            + settleSeconds
                            + " 0 or more");
        }
        IdleResult result;
        try (Workspace workspace = Workspace.create()) {
            Loop loop =
                    running == null
                            ? Loop.start(workspace, List.of())
                            : new Loop(FoamDirectory.open(running));
            loop.awaitPrediction(timeoutSeconds * 1_000_000_000L);
            if (running == null) {
                Thread.sleep(runSeconds * 1000L);
            }
            result = paused(loop);
        }
        if (json) {
            System.out.println(new ObjectMapper().writeValueAsString(result));
        } else {
            print(result);
        }
        return 0;
    }

    private IdleResult paused(Loop loop) throws IOException, InterruptedException {
        Map<String, Long> pids = loop.pids();
        Long sensor = pids.get(Loop.SENSOR);
        if (sensor == null) {
            throw new IOException(
                    "no sensor lives in the foam: foam="
                            + loop.foam().path()
                            + " alive="
                            + pids.keySet());
        }
        Thread goOn = new Thread(() -> goOn(sensor), "bench-go-on");
        Runtime.getRuntime().addShutdownHook(goOn);
        try {
            signal("STOP", sensor);
            Thread.sleep(settleSeconds * 1000L);
            IdleResult result = measure(pids);
            if (!isStopped(sensor)) {
                throw new IOException("the sensor went on meanwhile: pid=" + sensor);
            }
            return result;
        } finally {
            goOn(sensor);
            Runtime.getRuntime().removeShutdownHook(goOn);
        }
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        int exitCode =
                new ProcessBuilder("kill", "-s", name, Long.toString(pid))
                        .inheritIO()
                        .start()
                        .waitFor();
        if (exitCode != 0) {
            throw new IOException(
                    "cannot signal: signal=" + name + " pid=" + pid + " exitCode=" + exitCode);
        }
    }

    private static void goOn(long pid) {
        try {
            signal("CONT", pid);
        } catch (IOException e) {
            System.err.println(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The state is the first letter behind the process's name, which stands in parentheses. */
    private static boolean isStopped(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
    }

    private IdleResult measure(Map<String, Long> pids) throws IOException, InterruptedException {
        Map<String, ThreadTimes> before = new LinkedHashMap<>();
        for (Map.Entry<String, Long> node : pids.entrySet()) {
            before.put(node.getKey(), ThreadTimes.of(node.getValue()));
        }
        long beganNs = System.nanoTime();
        Thread.sleep(seconds * 1000L);
        List<IdleNode> nodes = new ArrayList<>();
        for (Map.Entry<String, Long> node : pids.entrySet()) {
            ThreadTimes now = ThreadTimes.of(node.getValue());
            double elapsedNs = System.nanoTime() - beganNs;
            nodes.add(
                    node(
                            node.getKey(),
                            node.getValue(),
                            now,
                            now.since(before.get(node.getKey())),
                            elapsedNs));
        }
        return new IdleResult(
                seconds,
                nodes.stream().mapToDouble(IdleNode::dataPercent).sum(),
                nodes.stream().mapToDouble(IdleNode::otherPercent).sum(),
                Loop.ROLES.stream().filter(role -> !pids.containsKey(role)).toList(),
                nodes);
    }

    private static IdleNode node(
            String name, long pid, ThreadTimes now, Map<String, Long> usedNs, double elapsedNs)
            throws IOException {
        double data = 0;
        double other = 0;
        Map<String, Double> others = new LinkedHashMap<>();
        List<Map.Entry<String, Long>> sorted =
                usedNs.entrySet().stream()
                        .sorted(
                                Comparator.comparing(
                                        (Map.Entry<String, Long> entry) -> -entry.getValue()))
                        .toList();
        for (Map.Entry<String, Long> used : sorted) {
            double percent = 100 * used.getValue() / elapsedNs;
            if (used.getKey().startsWith(ThreadTimes.DUTY_CYCLE)) {
                data += percent;
                continue;
            }
            other += percent;
            if (others.size() < BUSIEST && used.getValue() > 0) {
                others.put(used.getKey(), percent);
            }
        }
        return new IdleNode(
                name, pid, data, other, now.byThread().size(), residentMegabytes(pid), others);
    }

    private static double residentMegabytes(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        return 0;
    }

    private static void print(IdleResult result) {
        System.out.printf(
                Locale.ROOT,
                "%-16s %12s %12s %8s %8s  %s%n",
                "% of a core",
                "foam-data-*",
                "others",
                "threads",
                "RSS, MB",
                "busiest others");
        for (IdleNode node : result.nodes()) {
            StringBuilder busiest = new StringBuilder();
            node.busiestOthers()
                    .forEach((thread, percent) ->
                            busiest.append(
                                    String.format(Locale.ROOT, "%s %.2f  ", thread, percent)));
            System.out.printf(
                    Locale.ROOT,
                    "%-16s %12.3f %12.2f %8d %8.0f  %s%n",
                    node.node(),
                    node.dataPercent(),
                    node.otherPercent(),
                    node.threads(),
                    node.residentMegabytes(),
                    busiest.toString().strip());
        }
        System.out.printf(
                Locale.ROOT,
                "%-16s %12.3f %12.2f   over %d s%s%n",
                "together",
                result.dataPercent(),
                result.otherPercent(),
                result.seconds(),
                result.absent().isEmpty()
                        ? ""
                        : ", without "
                                + String.join(" ", result.absent())
                                + ", which did not live");
    }
}
