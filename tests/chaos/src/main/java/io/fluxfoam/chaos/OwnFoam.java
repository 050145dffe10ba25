package io.fluxfoam.chaos;

import io.fluxfoam.chaos.plan.FaultSchedule;
import io.fluxfoam.chaos.plan.RandomKillSchedule;
import io.fluxfoam.chaos.process.JavaProgram;
import io.fluxfoam.chaos.process.LightFoam;
import io.fluxfoam.chaos.report.RunResult;
import io.fluxfoam.device.Device;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;

/** Chaos in a foam of light nodes that is made for it, and the options of that alone. */
final class OwnFoam {
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
            description =
                    "With --light: how many nodes; half as many are down at one time (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(
            names = "--devices",
            paramLabel = "DEVICE",
            split = ",",
            defaultValue = "host",
            description =
                    "With --light: of the nodes, in turn, such as host,cuda:0 (default: ${DEFAULT-VALUE}).")
    private List<String> devices;

    /** Makes it, faults it and removes it. */
    RunResult fault(
            Path directory, long seed, ScheduleOptions timetable, BiConsumer<String, String> events)
            throws IOException, InterruptedException {
        if (nodes < 2 || kills < 1) {
            throw new IllegalArgumentException(
                    "--nodes=" + nodes + " not 2 or more, or --kills=" + kills + " not 1 or more");
        }
        List<String> resolved = devices.stream().map(Device::resolve).toList();
        Path path =
                directory == null
                        ? Path.of("/dev/shm", "foam-chaos-" + ProcessHandle.current().pid())
                        : directory;
        JavaProgram program = JavaProgram.ofThisProcess();
        try (LightFoam foam = LightFoam.create(path, program, timetable.absence(), events)) {
            List<String> names = foam.populate(nodes, resolved);
            FaultSchedule schedule =
                    timetable.hasPlan()
                            ? timetable.written(foam.tested().nodes())
                            : new RandomKillSchedule(seed, names, kills, nodes / 2);
            return new ChaosRun(foam.tested(), schedule).run(seed);
        }
    }
}
