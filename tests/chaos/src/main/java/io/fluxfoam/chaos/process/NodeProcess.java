package io.fluxfoam.chaos.process;

import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The process of a node. It is found by the process id in the mark and believed only if that
 * process has the mark mapped, so that nobody is hurt who got the number of a dead node.
 */
public record NodeProcess(ProcessHandle process) {
    /**
     * The process of this node.
     *
     * @throws IOException if it is gone, or somebody else's
     */
    public static NodeProcess of(FoamDirectory foam, MarkView mark) throws IOException {
        String markFile = foam.mark(mark.name()).toRealPath().toString();
        try (Stream<String> maps =
                Files.lines(Path.of("/proc", String.valueOf(mark.pid()), "maps"))) {
            if (maps.anyMatch(line -> line.endsWith(markFile))) {
                return new NodeProcess(ProcessHandle.of(mark.pid()).orElseThrow(() -> gone(mark)));
            }
            throw new IOException(
                    "not the node's process: node=" + mark.name() + " pid=" + mark.pid());
        } catch (NoSuchFileException e) {
            throw gone(mark);
        }
    }

    private static IOException gone(MarkView mark) {
        return new IOException("no such process: node=" + mark.name() + " pid=" + mark.pid());
    }

    /**
     * {@code kill -9}; returns when the kernel has taken the signal, as of {@link System#nanoTime}.
     */
    public long kill() {
        process.destroyForcibly();
        return System.nanoTime();
    }

    public long terminate() {
        process.destroy();
        return System.nanoTime();
    }

    /** SIGSTOP; of a process that is gone, nothing. */
    public void freeze() throws IOException {
        signal("-STOP");
    }

    /** SIGCONT; of a process that is gone, nothing. */
    public void thaw() throws IOException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException {
        try {
            int exitCode =
                    new ProcessBuilder(List.of("kill", signal, String.valueOf(process.pid())))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor();
            if (exitCode != 0 && process.isAlive()) {
                throw new IOException(
                        "kill "
                                + signal
                                + " failed: pid="
                                + process.pid()
                                + " exitCode="
                                + exitCode);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted: kill " + signal + " pid=" + process.pid(), e);
        }
    }
}
