package io.fluxfoam.chaos.process;

import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.memory.Posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What starts a node again just as it was: the command line of its mark, in the environment,
 * working directory and niceness of the process that is there now.
 *
 * @param log file that takes what the process prints
 */
public record LaunchCommand(
        String node,
        List<String> command,
        Map<String, String> environment,
        Path directory,
        int nice,
        Path log) {
    private static final int NICE_AFTER_NAME = 16;

    /**
     * Linux shares the CPU by session first: in one of its own, the niceness of the session counts.
     */
    private static final String OWN_GROUP =
            "echo \"$0\" 2> /dev/null > /proc/self/autogroup; exec \"$@\"";

    /** Of a living node. */
    public static LaunchCommand of(FoamDirectory foam, MarkView mark) throws IOException {
        Path proc = Path.of("/proc", String.valueOf(mark.pid()));
        return new LaunchCommand(
                mark.name(),
                mark.command(),
                environment(Files.readString(proc.resolve("environ"), StandardCharsets.ISO_8859_1)),
                Files.readSymbolicLink(proc.resolve("cwd")),
                nice(Files.readString(proc.resolve("stat"), StandardCharsets.ISO_8859_1)),
                foam.path().resolve(mark.name() + ".log"));
    }

    private static Map<String, String> environment(String block) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String entry : block.split("\0")) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                environment.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        return environment;
    }

    /** The name in the second field may hold blanks; it ends with the last bracket. */
    private static int nice(String stat) {
        return Integer.parseInt(
                stat.substring(stat.lastIndexOf(')') + 2).split(" ")[NICE_AFTER_NAME]);
    }

    /** Whether there is a command line; a mark leaves out one that is too long. */
    public boolean isComplete() {
        return !command.isEmpty();
    }

    /** Starts it, in a session of its own: it outlives chaos and its terminal. */
    public Process start() throws IOException {
        List<String> line = new ArrayList<>(List.of("setsid"));
        int niceHere =
                nice(Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1));
        if (nice > niceHere) {
            line.addAll(List.of("sh", "-c", OWN_GROUP, String.valueOf(nice)));
            line.addAll(List.of("nice", "-n", String.valueOf(nice - niceHere)));
        }
        line.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(line).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        int fd = Posix.open(log, true); // follows no symlink, as ProcessBuilder would
        try {
            builder.redirectOutput(
                    ProcessBuilder.Redirect.appendTo(
                            Path.of("/proc/self/fd", String.valueOf(fd)).toFile()));
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
        } finally {
            Posix.close(fd);
        }
    }
}
