package io.fluxfoam.bench.start;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.fluxfoam.bench.process.ChildProcess;
import io.fluxfoam.bench.process.JavaLine;
import io.fluxfoam.bench.process.Workspace;
import io.fluxfoam.bench.scale.SmallNode;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.liveness.FoamDirectory;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** {@code bench start}. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = {
            "From exec of a node to its manifest, to its first commit, and until it has had a tensor of every living peer that it",
            "reads, beside the start of a bare JVM; p50 of some starts, one of each in turn. light is a node without a task; every",
            "other role is started by ./foam node ROLE and finds a sensor that runs already. Student and evaluator come last, and",
            "find the teachers too."
        })
public final class StartCommand implements Callable<Integer> {
    private static final String LIGHT = "light";
    private static final String SENSOR = LoopNodes.SENSOR;
    private static final List<String> TEACHERS =
            List.of(LoopNodes.TEACHER_VISION, LoopNodes.TEACHER_WHISPER, LoopNodes.TEACHER_LLM);
    private static final List<String> LEARNERS = List.of(LoopNodes.STUDENT, LoopNodes.EVALUATOR);
    private static final List<String> ROLES =
            Stream.of(List.of(LIGHT, SENSOR), TEACHERS, LEARNERS).flatMap(List::stream).toList();

    @Option(names = "--json", description = "Print JSON and nothing else.")
    private boolean json;

    @Option(
            names = "--roles",
            paramLabel = "ROLE",
            split = ",",
            description =
                    "light, sensor, teacher-vision, teacher-whisper, teacher-llm, student, evaluator (default: all).")
    private List<String> roles = ROLES;

    @Option(
            names = "--starts",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "Starts of each, of which the median is shown (default: ${DEFAULT-VALUE}).")
    private int starts;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "20",
            description = "Longest wait for one start (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    private final Map<String, List<Start>> measured = new LinkedHashMap<>();
    private final Map<String, List<Double>> bareBeside = new LinkedHashMap<>();
    private Workspace workspace;
    private FoamDirectory foam;
    private int started;

    @Override
    public Integer call() throws IOException, InterruptedException {
        for (String role : roles) {
            if (!ROLES.contains(role)) {
                throw new IllegalArgumentException("unknown role=" + role + " known=" + ROLES);
            }
        }
        if (starts < 1 || timeoutSeconds < 1) {
            throw new IllegalArgumentException(
                    "--starts="
                            + starts
                            + " and --timeout="
                            + timeoutSeconds
                            + " must be 1 or more");
        }
        try (Workspace opened = Workspace.create()) {
            workspace = opened;
            foam = FoamDirectory.create(workspace.directory().resolve("foam"));
            if (!List.of(LIGHT, SENSOR).containsAll(roles)) {
                run(List.of(SENSOR));
            }
            rounds(roles.stream().filter(role -> !LEARNERS.contains(role)).toList());
            List<String> learners = roles.stream().filter(LEARNERS::contains).toList();
            if (!learners.isEmpty()) {
                run(TEACHERS);
                rounds(learners);
            }
        }
        print();
        return 0;
    }

    /** Starts nodes that the measured ones need, and waits until each has committed something. */
    private void run(List<String> needed) throws IOException {
        long execNs = System.nanoTime();
        for (String role : needed) {
            ChildProcess node = workspace.start(role, line(role, role));
            Start start =
                    Start.watch(foam, role, node.pid(), execNs, timeoutSeconds * 1_000_000_000L);
            if (Double.isNaN(start.firstCommit())) {
                throw new IOException(
                        "no commit: role=" + role + " timeoutSeconds=" + timeoutSeconds);
            }
        }
    }

    /**
     * One start of each in turn, so that whatever else the machine does meets all of them, a bare
     * JVM before each.
     */
    private void rounds(List<String> some) throws IOException, InterruptedException {
        for (int round = 0; round < starts; round++) {
            for (String role : some) {
                bareBeside.computeIfAbsent(role, _ -> new ArrayList<>()).add(bareJvm());
                measured.computeIfAbsent(role, _ -> new ArrayList<>()).add(start(role));
            }
        }
    }

    private static double bareJvm() throws IOException, InterruptedException {
        Path classes =
                Path.of(Bare.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        long execNs = System.nanoTime();
        Process bare =
                new ProcessBuilder(JavaLine.java(), "-cp", classes.toString(), Bare.class.getName())
                        .start();
        try (BufferedReader reader = bare.inputReader()) {
            if (reader.readLine() == null) {
                throw new IOException("a bare JVM does not start: exitCode=" + bare.waitFor());
            }
        }
        double millis = (System.nanoTime() - execNs) / 1e6;
        bare.waitFor();
        return millis;
    }

    private Start start(String role) throws IOException {
        String name = "start-" + ++started;
        List<String> line = line(role, name);
        long execNs = System.nanoTime();
        ChildProcess node = workspace.start(name, line);
        try {
            return Start.watch(foam, name, node.pid(), execNs, timeoutSeconds * 1_000_000_000L);
        } finally {
            workspace.end(node);
        }
    }

    private List<String> line(String role, String name) {
        return role.equals(LIGHT)
                ? JavaLine.of(
                        SmallNode.class,
                        List.of("-Xmx64m", "-XX:TieredStopAtLevel=1"),
                        List.of("--foam", foam.path().toString(), "--name", name))
                : JavaLine.node(role, foam.path(), name);
    }

    private StartResult result() {
        Map<String, RoleStart> result = new LinkedHashMap<>();
        measured.forEach((role, all) -> {
            Double commit = figure(all, Start::firstCommit);
            result.put(
                    role,
                    new RoleStart(
                            figure(all, Start::manifest),
                            commit,
                            figure(all, Start::joined),
                            figure(all, Start::streams),
                            figure(all, Start::firstReads),
                            figure(all, Start::cpu),
                            commit == null ? null : commit / median(bareBeside.get(role))));
        });
        return new StartResult(
                median(bareBeside.values().stream().flatMap(List::stream).toList()), result);
    }

    private void print() throws IOException {
        StartResult result = result();
        if (json) {
            System.out.println(new ObjectMapper().writeValueAsString(result));
            return;
        }
        System.out.printf(Locale.ROOT, "bare JVM: %.0f ms%n%n", result.bareJvmMillis());
        System.out.printf(
                Locale.ROOT,
                "%-16s %8s %8s %9s %13s %7s %9s %12s%n",
                "ms from exec",
                "joined",
                "stream",
                "manifest",
                "first commit",
                "x bare",
                "CPU until",
                "first reads");
        result.roles()
                .forEach((role, start) ->
                        System.out.printf(
                                Locale.ROOT,
                                "%-16s %8s %8s %9s %13s %7s %9s %12s%n",
                                role,
                                text("%.0f", start.execToJoinedMillis()),
                                text("%.0f", start.execToStreamMillis()),
                                text("%.0f", start.execToManifestMillis()),
                                text("%.0f", start.execToFirstCommitMillis()),
                                text("%.1f", start.timesBareJvm()),
                                text("%.0f", start.cpuToFirstCommitMillis()),
                                text("%.0f", start.execToFirstReadsMillis())));
    }

    private static String text(String format, Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, format, value);
    }

    /** The median of those starts that came so far; null if none did. */
    private static Double figure(List<Start> starts, ToDoubleFunction<Start> figure) {
        List<Double> seen =
                starts.stream()
                        .mapToDouble(figure)
                        .filter(millis -> !Double.isNaN(millis))
                        .boxed()
                        .toList();
        return seen.isEmpty() ? null : median(seen);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
