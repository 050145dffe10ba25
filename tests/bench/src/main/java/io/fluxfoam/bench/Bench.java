package io.fluxfoam.bench;

import io.fluxfoam.bench.ipc.IpcCommand;
import io.fluxfoam.bench.jmh.JcstressCommand;
import io.fluxfoam.bench.jmh.JmhCommand;
import io.fluxfoam.cli.NodeMain;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ./foam bench}: how fast the fabric is, beside the machine's limits and the alternatives, in one run. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures the fabric beside the machine's own limits and what a user would pick instead.",
        subcommands = {IpcCommand.class, JmhCommand.class, JcstressCommand.class})
public final class Bench {
    private Bench() {}

    /** Runs one bench. Exit codes: 0 measured, 1 failed, 2 bad arguments. */
    public static void main(String[] args) {
        CommandLine line = new CommandLine(new Bench()).setCaseInsensitiveEnumValuesAllowed(true);
        for (String foreign : List.of("jmh", "jcstress")) { // commands with options of their own
            line.getSubcommands().get(foreign).setUnmatchedOptionsArePositionalParams(true);
        }
        line.setExecutionExceptionHandler(
                (error, command, parsed) -> {
                    command.getErr().println("bench " + command.getCommandName() + ": " + NodeMain.reason(error));
                    return error instanceof IllegalArgumentException ? 2 : 1;
                });
        line.setParameterExceptionHandler(
                (error, arguments) -> {
                    String name = error.getCommandLine().getCommandName();
                    error.getCommandLine().getErr().println(name + ": " + error.getMessage() + " (see --help)");
                    return 2;
                });
        System.exit(line.execute(args));
    }
}
