package io.fluxfoam.cli;

import picocli.CommandLine;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * How every command of the foam speaks: one line for each error; exit code 0 done, 1 failed, 2 bad
 * arguments.
 */
public final class Commands {
    private Commands() {}

    /** A command line whose errors are one line on standard error. */
    public static CommandLine line(Object command) {
        CommandLine line = new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler(
                (error, commandLine, parsed) -> {
                    commandLine
                            .getErr()
                            .println(
                                    commandLine.getCommandSpec().qualifiedName()
                                            + ": "
                                            + reason(error));
                    return error instanceof IllegalArgumentException ? 2 : 1;
                });
        line.setParameterExceptionHandler(
                (error, arguments) -> {
                    CommandLine failed = error.getCommandLine();
                    String message = error.getMessage().lines().findFirst().orElse("bad arguments");
                    failed.getErr()
                            .println(
                                    failed.getCommandSpec().qualifiedName()
                                            + ": "
                                            + message
                                            + " (see --help)");
                    return 2;
                });
        return line;
    }

    /** An error in one line. */
    public static String reason(Throwable error) {
        Throwable origin = error instanceof UncheckedIOException ? error.getCause() : error;
        String message =
                origin.getMessage() == null
                        ? origin.getClass().getSimpleName()
                        : origin.getMessage();
        boolean plain = origin instanceof IOException || origin instanceof IllegalArgumentException;
        return (plain ? message : origin.getClass().getSimpleName() + ": " + message)
                .lines()
                .findFirst()
                .orElse("");
    }
}
