package io.fluxfoam.bench.start;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fluxfoam.bench.process.ChildProcess;
import io.fluxfoam.bench.process.JavaLine;
import io.fluxfoam.bench.process.Workspace;
import io.fluxfoam.bench.scale.LightNode;
import io.fluxfoam.liveness.FoamDirectory;
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
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench start}. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = {
            "From exec of a node to its manifest and to its first commit, beside the start of a bare JVM; p50 of some starts.",
            "light is a node without a task; every other role is started by ./foam node ROLE. Roles that read the sensor find",
            "one that runs already."
        })
public final class StartCommand implements Callable<Integer> {
    private static final String LIGHT = "light";
    private static final String SENSOR = "sensor";
    private static final List<String> ROLES =
            List.of(LIGHT, SENSOR, "teacher-vision", "teacher-whisper", "teacher-llm", "student", "evaluator");

    @Option(names = "--json", description = "Print JSON and nothing else.")
    private boolean json;

    @Option(
            names = "--roles",
            paramLabel = "ROLE",
            split = ",",
            description = "light, sensor, teacher-vision, teacher-whisper, teacher-llm, student, evaluator (default: all).")
    private List<String> roles = ROLES;

    @Option(
            names = "--starts",
            paramLabel = "N",
            defaultValue = "5",
            description = "Starts of each, of which the median is shown (default: ${DEFAULT-VALUE}).")
    private int starts;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "20",
            description = "Longest wait for one start (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

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
            throw new IllegalArgumentException("--starts=" + starts + " and --timeout=" + timeoutSeconds + " must be 1 or more");
        }
        Map<String, List<Start>> measured = new LinkedHashMap<>();
        double bareJvmMillis;
        try (Workspace opened = Workspace.create()) {
            workspace = opened;
            foam = FoamDirectory.create(workspace.directory().resolve("foam"));
            bareJvmMillis = bareJvm();
            if (!List.of(LIGHT, SENSOR).containsAll(roles)) {
                waitForSensor();
            }
            for (int round = 0; round < starts; round++) {
                for (String role : roles) {
                    measured.computeIfAbsent(role, _ -> new ArrayList<>()).add(start(role));
                }
            }
        }
        print(bareJvmMillis, measured);
        return 0;
    }

    private double bareJvm() throws IOException, InterruptedException {
        Path classes = Path.of(Bare.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < Math.max(starts, 5); i++) {
            long execNs = System.nanoTime();
            Process bare =
                    new ProcessBuilder(JavaLine.java(), "-cp", classes.toString(), Bare.class.getName()).start();
            try (BufferedReader reader = bare.inputReader()) {
                if (reader.readLine() == null) {
                    throw new IOException("a bare JVM does not start: exitCode=" + bare.waitFor());
                }
            }
            millis.add((System.nanoTime() - execNs) / 1e6);
            bare.waitFor();
        }
        return median(millis);
    }

    private void waitForSensor() throws IOException, InterruptedException {
        workspace.start(SENSOR, line(SENSOR, SENSOR));
        Start.watch(foam, SENSOR, System.nanoTime(), timeoutSeconds * 1_000_000_000L);
    }

    private Start start(String role) throws IOException {
        String name = "start-" + ++started;
        List<String> line = line(role, name);
        long execNs = System.nanoTime();
        ChildProcess node = workspace.start(name, line);
        try {
            return Start.watch(foam, name, execNs, timeoutSeconds * 1_000_000_000L);
        } finally {
            workspace.end(node);
        }
    }

    private List<String> line(String role, String name) {
        List<String> options = List.of("--foam", foam.path().toString(), "--name", name);
        if (role.equals(LIGHT)) {
            return JavaLine.of(LightNode.class, List.of("-Xmx64m", "-XX:TieredStopAtLevel=1"), options);
        }
        List<String> line =
                new ArrayList<>(
                        List.of("env", "FOAM_NO_BUILD=1", JavaLine.home().resolve("foam").toString(), "node", role));
        line.addAll(options);
        return line;
    }

    private void print(double bareJvmMillis, Map<String, List<Start>> measured) throws IOException {
        if (json) {
            Map<String, RoleStart> result = new LinkedHashMap<>();
            measured.forEach(
                    (role, all) ->
                            result.put(
                                    role,
                                    new RoleStart(figure(all, Start::manifest), figure(all, Start::firstCommit))));
            System.out.println(new ObjectMapper().writeValueAsString(new StartResult(bareJvmMillis, result)));
            return;
        }
        System.out.printf(Locale.ROOT, "bare JVM: %.0f ms%n%n", bareJvmMillis);
        System.out.printf(
                "%-16s %8s %8s %9s %13s %7s%n", "ms from exec", "joined", "streams", "manifest", "first commit", "x bare");
        measured.forEach(
                (role, all) -> {
                    Double commit = figure(all, Start::firstCommit);
                    System.out.printf(
                            "%-16s %8s %8s %9s %13s %7s%n",
                            role,
                            text(figure(all, Start::joined), 1),
                            text(figure(all, Start::streams), 1),
                            text(figure(all, Start::manifest), 1),
                            text(commit, 1),
                            text(commit, bareJvmMillis));
                });
    }

    private static String text(Double millis, double unit) {
        return millis == null ? "-" : String.format(Locale.ROOT, unit == 1 ? "%.0f" : "%.1f", millis / unit);
    }

    /** The median of those starts that came so far; null if none did. */
    private static Double figure(List<Start> starts, ToDoubleFunction<Start> figure) {
        List<Double> seen = starts.stream().mapToDouble(figure).filter(millis -> !Double.isNaN(millis)).boxed().toList();
        return seen.isEmpty() ? null : median(seen);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
