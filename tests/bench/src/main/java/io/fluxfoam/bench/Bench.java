package io.fluxfoam.bench;

import io.fluxfoam.bench.bridge.BoxesCommand;
import io.fluxfoam.bench.bridge.BridgeCommand;
import io.fluxfoam.bench.gpu.GpuCommand;
import io.fluxfoam.bench.idle.IdleCommand;
import io.fluxfoam.bench.idle.LoopCommand;
import io.fluxfoam.bench.ipc.IpcCommand;
import io.fluxfoam.bench.jmh.JcstressCommand;
import io.fluxfoam.bench.jmh.JmhCommand;
import io.fluxfoam.bench.memory.MemoryBenchCommand;
import io.fluxfoam.bench.scale.NodesCommand;
import io.fluxfoam.bench.scale.ReadersCommand;
import io.fluxfoam.bench.scale.WaitCommand;
import io.fluxfoam.bench.start.StartCommand;
import io.fluxfoam.launch.Commands;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.util.List;

/**
 * {@code ./foam bench}: how fast the fabric is, beside the machine's limits and the alternatives,
 * in one run.
 */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description =
                "Measures the fabric beside the machine's own limits and what a user would pick instead.",
        footer = "And ./foam bench learn: what helps a student to learn without forgetting.",
        subcommands = {
            IpcCommand.class,
            GpuCommand.class,
            ReadersCommand.class,
            NodesCommand.class,
            StartCommand.class,
            WaitCommand.class,
            IdleCommand.class,
            LoopCommand.class,
            MemoryBenchCommand.class,
            BridgeCommand.class,
            BoxesCommand.class,
            JmhCommand.class,
            JcstressCommand.class
        })
public final class Bench {
    private Bench() {}

    /** Runs one bench. Exit codes: 0 measured, 1 failed, 2 bad arguments. */
    public static void main(String[] args) {
        CommandLine line = Commands.line(new Bench());
        for (String foreign : List.of("jmh", "jcstress")) { // commands with options of their own
            line.getSubcommands().get(foreign).setUnmatchedOptionsArePositionalParams(true);
        }
        System.exit(Commands.execute(line, args));
    }
}
