package io.fluxfoam.learn;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.fluxfoam.launch.Commands;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code ./foam bench learn}. */
@Command(
        name = "bench learn",
        mixinStandardHelpOptions = true,
        description = {
            "What helps a student to learn the new without losing the old: defences beside each other on one stream, with the",
            "student's own optimizer, weights and rules. Each arm chooses its learning rate (3e-4, 1e-3, 3e-3, 1e-2) on a seed",
            "that is not reported; differences to the reference arm are paired by seed. Needs Fashion-MNIST: see",
            "deploy/fashion-mnist.sh. The protocol worlds needs two tapes instead, and takes the whole student at its rate."
        })
public final class LearnBench implements Callable<Integer> {
    private static final String WORLDS = "worlds";
    private static final List<String> PROTOCOLS =
            List.of("split-fashion", "permuted", "viscosity", WORLDS);
    private static final int QUICK_PICTURES = 3_000;
    private static final int QUICK_TASKS = 40;

    @Option(
            names = "--protocol",
            paramLabel = "NAME",
            defaultValue = "split-fashion",
            description =
                    "split-fashion (five experts of two classes come and leave), permuted (100 tasks, is it as quick a"
                            + " learner in the end?), viscosity (glitches, excursions, a lasting change),"
                            + " worlds (two tapes take turns) (default: ${DEFAULT-VALUE}).")
    private String protocolName;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "Reported seeds (default: 5, with --quick 1).")
    private Integer seeds;

    @Option(
            names = "--arms",
            paramLabel = "NAME",
            split = ",",
            description = "Only these (default: all of the protocol).")
    private List<String> arms = List.of();

    @Option(
            names = "--quick",
            description = "One seed, a shorter stream: within ten minutes of two cores.")
    private boolean quick;

    @Option(
            names = "--equal",
            paramLabel = "WHAT",
            defaultValue = "cpu",
            description =
                    "What arms have the same of: cpu (of the learning thread; an arm that steps cheaper steps more often),"
                            + " or steps (the same to the last bit each time) (default: ${DEFAULT-VALUE}).")
    private StreamPace.Equal equal;

    @Option(
            names = "--cpu",
            paramLabel = "SECONDS",
            description =
                    "CPU-seconds of an arm for one seed (default: 6 for 60,000 moments, less for fewer).")
    private Double cpuSeconds;

    @Option(
            names = "--memory",
            paramLabel = "BYTES",
            defaultValue = "800000",
            description = "What any memory of moments may take (default: ${DEFAULT-VALUE}).")
    private long memoryBytes;

    @Option(
            names = "--pictures",
            paramLabel = "N",
            description =
                    "Most that a teacher shows (split-fashion; default: all 12,000, with --quick 3,000).")
    private Integer pictures;

    @Option(
            names = "--uneven",
            description = "Each teacher shows twice as much as the one before it (split-fashion).")
    private boolean isUneven;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Runs at once, one thread each (default: the processors there are).")
    private Integer threads;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder of Fashion-MNIST's four files.")
    private Path data;

    @Option(
            names = "--plot",
            paramLabel = "FILE",
            description = "Write the curves there, as an SVG.")
    private Path plot;

    @Option(names = "--json", description = "Print JSON and nothing else.")
    private boolean json;

    @Mixin private WorldOptions worlds;

    @Spec private CommandSpec spec;

    LearnBench() {}

    /** Exit codes: 0 measured, 1 failed, 2 bad arguments. */
    public static void main(String[] args) {
        System.exit(Commands.execute(Commands.line(new LearnBench()), args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!PROTOCOLS.contains(protocolName)) {
            throw new IllegalArgumentException(
                    "no protocol=" + protocolName + ", there are " + String.join(", ", PROTOCOLS));
        }
        int reported = or(seeds, quick ? 1 : 5);
        int atOnce = or(threads, Runtime.getRuntime().availableProcessors());
        int shown = or(pictures, quick ? QUICK_PICTURES : Integer.MAX_VALUE);
        require(reported >= 1 && reported <= SeedInterval.MOST, "seeds=" + reported);
        require(atOnce >= 1, "threads=" + atOnce);
        require(shown >= 100, "pictures=" + shown);
        require(memoryBytes >= 10_000, "memory=" + memoryBytes);
        require(cpuSeconds == null || cpuSeconds > 0, "cpu=" + cpuSeconds);
        boolean isOfTapes = protocolName.equals(WORLDS);
        LearnProtocol protocol =
                isOfTapes ? worlds.protocol(quick) : protocol(FashionMnist.read(folder()), shown);
        List<ArmPlan> chosen = chosen(protocol);
        List<Double> rates = isOfTapes ? SwitchingWorlds.RATES : LearnRace.RATES;
        List<ArmResult> results =
                new LearnRace(protocol, rates, reported, atOnce, this::say).run(chosen);
        StreamPace.Equal alike = isOfTapes ? StreamPace.Equal.STEPS : equal;
        double most = results.stream().mapToDouble(ArmResult::cpuSeconds).max().orElse(0);
        LearnResult result =
                new LearnResult(
                        protocolName,
                        reported,
                        alike == StreamPace.Equal.CPU ? budget(shown) : most,
                        alike.name().toLowerCase(Locale.ROOT),
                        protocol.figure(),
                        protocol.reference(),
                        results);
        if (plot != null) {
            Files.writeString(plot, CurvePlot.of(result, protocol.axis()));
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? new ObjectMapper().writeValueAsString(result) + '\n' : result.table());
        out.flush();
        return 0;
    }

    private void say(String news) {
        PrintWriter errors = spec.commandLine().getErr();
        errors.println(spec.name() + ": " + news);
        errors.flush();
    }

    private static int or(Integer given, int otherwise) {
        return given == null ? otherwise : given;
    }

    private static void require(boolean condition, String wrong) {
        if (!condition) {
            throw new IllegalArgumentException(wrong + " is out of range");
        }
    }

    private Path folder() throws IOException {
        Path home = Path.of(System.getProperty("foam.home", "."));
        return FashionMnist.find(data == null ? FashionMnist.places(home) : List.of(data));
    }

    private double budget(int shown) {
        double usual =
                switch (protocolName) {
                    case "split-fashion" -> Math.max(.5, 6.0 * Math.min(shown, 12_000) / 12_000);
                    case "permuted" -> quick ? 3 : 8;
                    default -> 4;
                };
        return cpuSeconds == null ? usual : cpuSeconds;
    }

    private LearnProtocol protocol(FashionMnist mnist, int shown) {
        StreamPace pace = new StreamPace(equal, budget(shown));
        return switch (protocolName) {
            case "split-fashion" ->
                    new SplitFashion(
                            mnist.training(), mnist.exam(), pace, memoryBytes, shown, isUneven);
            case "permuted" ->
                    new PermutedPixels(
                            mnist.training(),
                            mnist.exam(),
                            pace,
                            memoryBytes,
                            quick ? QUICK_TASKS : 100);
            default -> new DriftingWorld(mnist.training(), mnist.exam(), pace, memoryBytes);
        };
    }

    private List<ArmPlan> chosen(LearnProtocol protocol) {
        List<ArmPlan> all = protocol.arms();
        List<String> names = all.stream().map(ArmPlan::name).toList();
        List<ArmPlan> chosen = new ArrayList<>();
        for (String arm : arms) {
            if (!names.contains(arm)) {
                throw new IllegalArgumentException(
                        "no arm=" + arm + " in " + protocolName + ", there are " + names);
            }
            chosen.add(all.get(names.indexOf(arm)));
        }
        return chosen.isEmpty() ? all : chosen;
    }
}
