package io.fluxfoam.bridge;

import io.fluxfoam.launch.StartCache;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A bridge in a process of its own, perhaps in a network of its own. */
final class ChildBridge implements AutoCloseable {
    private final List<String> line = new ArrayList<>();
    private final Path log;
    private Process process;

    /**
     * Starts it.
     *
     * @param before what the command line begins with
     */
    ChildBridge(List<String> before, Path log, Path foam, String... arguments) throws IOException {
        String home = System.getProperty("foam.home");
        StartCache start = StartCache.ofThisProcess();
        this.log = log;
        line.addAll(before);
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("@" + home + "/deploy/jvm.options");
        line.addAll(start.options());
        line.addAll(
                List.of(
                        "-Xmx128m",
                        "-XX:CompileCommand=quiet",
                        "-XX:CompileCommand=CompileThresholdScaling,com.sun.crypto.provider.*::*,0.02",
                        "-cp",
                        start.classPath(),
                        Bridge.class.getName(),
                        "--foam",
                        foam.toString()));
        line.addAll(List.of(arguments));
        start();
    }

    void start() throws IOException {
        process =
                new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(log.toString())))
                        .start();
    }

    /** As {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String said() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Told to stop, it ends with this code; one that hangs is killed. */
    int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            kill();
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
