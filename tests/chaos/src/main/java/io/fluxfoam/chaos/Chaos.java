package io.fluxfoam.chaos;

import io.fluxfoam.cli.Commands;
import io.fluxfoam.cli.DurationConverter;
import io.fluxfoam.cli.Json;
import io.fluxfoam.device.Device;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.Names;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Kills and torments the nodes of a running foam, and reports what it did to them. */
@Command(
        name = "foam chaos",
        mixinStandardHelpOptions = true,
        description = "Kills and torments the nodes of a running foam by a seeded plan, and reports.",
        footer = {
            "",
            "Windows without and with torments alternate. Exit code 0 only if nothing was torn, nothing hung,",
            "nothing leaked, every stream was verified, and every killed node came back."
        })
public final class Chaos implements Callable<Integer> {
    private static final Duration DEFAULT_DURATION = Duration.ofMinutes(10);
    private static final long AFTER_PLAN_MS = 30_000;

    @Option(
            names = {"--dir", "--foam"},
            paramLabel = "DIR",
            description = "Directory of the foam (default: $FOAM_DIR or /dev/shm/foam-UID).")
    private Path directory;

    @Option(names = "--plan", paramLabel = "FILE", description = "Lines of SECONDS FAULT TARGET instead of a random plan.")
    private Path planFile;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long, such as 90s or 10m (default: 10m; with --plan, 30 s longer than it).")
    private Duration duration;

    @Option(
            names = "--window",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "60s",
            description = "Length of the windows, of which every second is left in peace (default: ${DEFAULT-VALUE}).")
    private Duration window;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "5s",
            description = "Time from one torment to the next (default: ${DEFAULT-VALUE}).")
    private Duration every;

    @Option(
            names = "--faults",
            paramLabel = "FAULT",
            split = ",",
            defaultValue = "kill",
            description = "What to choose from, or all (default: ${DEFAULT-VALUE}).")
    private List<String> faults;

    @Option(
            names = "--targets",
            paramLabel = "NODE",
            split = ",",
            description = "Nodes to choose from (default: all that live).")
    private List<String> targets;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of the random plan (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--absence",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "10s",
            description = "How long a coordinator that is gone stays away (default: ${DEFAULT-VALUE}).")
    private Duration absence;

    @Option(names = "--light", description = "In a foam of light nodes made for it; without --plan: kills as fast as they come back.")
    private boolean light;

    @Option(
            names = "--kills",
            paramLabel = "N",
            defaultValue = "100",
            description = "With --light: how many (default: ${DEFAULT-VALUE}).")
    private int kills;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "4",
            description = "With --light: how many nodes; half as many are down at one time (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(
            names = "--devices",
            paramLabel = "DEVICE",
            split = ",",
            defaultValue = "host",
            description = "With --light: of the nodes, in turn, such as host,cuda:0 (default: ${DEFAULT-VALUE}).")
    private List<String> devices;

    @Option(names = "--json", description = "Print the report as one line of JSON; events go to standard error.")
    private boolean json;

    @Option(names = "--plot", paramLabel = "FILE", description = "Draw throughput and held-out curve as SVG.")
    private Path plot;

    private final long startNs = System.nanoTime();

    /** Runs the command. */
    public static void main(String[] args) {
        System.exit(Commands.line(new Chaos()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        return tell(light ? lightly() : inRunningFoam());
    }

    private Outcome lightly() throws Exception {
        if (nodes < 2 || kills < 1) {
            throw new IllegalArgumentException("--nodes=" + nodes + " not 2 or more, or --kills=" + kills + " not 1 or more");
        }
        devices = devices.stream().map(Device::resolve).toList();
        Path path = directory == null ? Path.of("/dev/shm", "foam-chaos-" + ProcessHandle.current().pid()) : directory;
        try (LightFoam foam = LightFoam.create(path, JavaProgram.ofThisProcess(), this::say)) {
            List<String> names = foam.populate(nodes, devices);
            Agenda agenda =
                    planFile == null ? new LightAgenda(seed, names, kills, nodes / 2) : planned(foam.ground().herd());
            return new ChaosRun(foam.ground(), agenda).run(seed);
        }
    }

    private Outcome inRunningFoam() throws Exception {
        FoamDirectory foam =
                FoamDirectory.open(directory == null ? FoamDirectory.defaultPath() : directory);
        try (Herd herd = new Herd(foam, ChaosRun.NAME)) {
            herd.look();
            if (herd.living().isEmpty()) {
                throw new IOException("nobody lives in the foam: path=" + foam.path());
            }
            BiConsumer<String, String> events = this::say;
            Agenda agenda = planned(herd);
            Ground ground = new Ground(foam, herd, new Keeper(foam, herd, events), events, absence);
            return new ChaosRun(ground, agenda).run(seed);
        }
    }

    private Agenda planned(Herd herd) throws IOException {
        Plan plan = plan(herd);
        return new PlannedAgenda(plan, rhythm(plan), planFile != null);
    }

    private Rhythm rhythm(Plan plan) {
        Duration length = duration;
        if (length == null) {
            length =
                    planFile == null || plan.torments().isEmpty()
                            ? DEFAULT_DURATION
                            : Duration.ofMillis(plan.torments().getLast().atMillis() + AFTER_PLAN_MS);
        }
        return Rhythm.of(length, window, every);
    }

    private Plan plan(Herd herd) throws IOException {
        List<String> living = herd.living().stream().map(MarkView::name).toList();
        if (planFile != null) {
            return Plan.read(planFile);
        }
        List<String> chosen = targets == null ? living : targets;
        for (String target : chosen) {
            if (!living.contains(Names.check("node", target))) {
                throw new IllegalArgumentException("no such living node: target=" + target + " living=" + living);
            }
        }
        String coordinator = herd.living("coordinator").map(MarkView::name).orElse(null);
        Rhythm rhythm = Rhythm.of(duration == null ? DEFAULT_DURATION : duration, window, every);
        return Plan.random(seed, rhythm, faults(), chosen, coordinator);
    }

    private List<Fault> faults() {
        return faults.equals(List.of("all")) ? Fault.ofAnyFoam() : faults.stream().map(Fault::of).toList();
    }

    private int tell(Outcome outcome) throws IOException {
        if (plot != null) {
            Plot.write(plot, outcome);
        }
        outcome.verdict().faults().forEach(fault -> System.err.println("foam chaos: " + fault));
        System.out.print(json ? Json.compact(outcome.report()) + "\n" : Summary.text(outcome));
        System.out.flush();
        return outcome.verdict().exitCode();
    }

    private void say(String node, String event) {
        PrintStream out = json ? System.err : System.out;
        out.println(
                String.format(Locale.ROOT, "%8.1f  %-16s %s", (System.nanoTime() - startNs) / 1e9, node, event));
    }
}
