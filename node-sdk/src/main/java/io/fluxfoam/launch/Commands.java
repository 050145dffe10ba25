package io.fluxfoam.launch;

import io.fluxfoam.node.NodeRunner;

import picocli.CommandLine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;

/**
 * How every command of the foam speaks: one line for each error; exit code 0 done, 1 failed, 2 bad
 * arguments.
 */
public final class Commands {
    private Commands() {}

    /** A command line whose errors are one line on standard error. */
    public static CommandLine line(Object command) {
        CommandLine line = new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((error, commandLine, parsed) -> {
            commandLine
                    .getErr()
                    .println(commandLine.getCommandSpec().qualifiedName() + ": " + reason(error));
            return error instanceof IllegalArgumentException ? 2 : 1;
        });
        line.setParameterExceptionHandler((error, arguments) -> {
            CommandLine failed = error.getCommandLine();
            String message = message(error).lines().findFirst().orElse("bad arguments");
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

    /** Runs a command; an error of the JVM is one line too, which picocli would let pass. */
    public static int execute(CommandLine line, String... arguments) {
        try {
            return line.execute(arguments);
        } catch (Error e) {
            line.getErr().println(line.getCommandName() + ": " + reason(NodeRunner.origin(e)));
            return 1;
        }
    }

    /** An error in one line. */
    public static String reason(Throwable error) {
        Throwable origin =
                error instanceof UncheckedIOException e
                        ? Objects.requireNonNull(e.getCause())
                        : error;
        String text =
                switch (origin) {
                    case FileSystemException file -> ofFile(file);
                    case IOException e -> message(e);
                    case IllegalArgumentException e -> message(e);
                    default ->
                            origin.getMessage() == null
                                    ? message(origin)
                                    : origin.getClass().getSimpleName() + ": " + message(origin);
                };
        return text.lines().findFirst().orElse("");
    }

    private static String message(Throwable error) {
        return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
    }

    /** The JDK's own message for a file is often nothing but its path. */
    private static String ofFile(FileSystemException error) {
        String what =
                switch (error) {
                    case NoSuchFileException _ -> "no such file";
                    case AccessDeniedException _ -> "access denied";
                    case FileAlreadyExistsException _ -> "exists already";
                    case DirectoryNotEmptyException _ -> "directory not empty";
                    case NotDirectoryException _ -> "not a directory";
                    case FileSystemLoopException _ -> "symbolic links in a circle";
                    default -> error.getReason() == null ? "file not usable" : error.getReason();
                };
        StringBuilder text = new StringBuilder(what).append(": path=").append(error.getFile());
        if (error.getOtherFile() != null) {
            text.append(" other=").append(error.getOtherFile());
        }
        if (error.getReason() != null && !error.getReason().equals(what)) {
            text.append(" (").append(error.getReason()).append(')');
        }
        return text.toString();
    }
}
