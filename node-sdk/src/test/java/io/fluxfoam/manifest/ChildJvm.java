package io.fluxfoam.manifest;

import io.fluxfoam.launch.StartCache;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own with the class path of the tests and the options of a node, to be killed at any
 * moment.
 */
public final class ChildJvm implements AutoCloseable {
    private static final int WATCHDOG_SECONDS = 60;

    private final Process process;
    private final Path output;

    private ChildJvm(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts {@code main}; what it prints is added to {@code output}. */
    public static ChildJvm start(Path output, Class<?> main, Object... args) throws IOException {
        StartCache start = StartCache.ofThisProcess();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + Path.of(System.getProperty("foam.home"), "deploy", "jvm.options"));
        command.addAll(start.options());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx128m"));
        command.addAll(List.of("-classpath", start.classPath(), main.getName()));
        Arrays.stream(args).map(Object::toString).forEach(command::add);
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                        .start();
        return new ChildJvm(process, output);
    }

    /**
     * To be called by the child: it ends when the JVM that started it is gone, so that no test
     * leaves a process behind.
     */
    public static void endWithParent() {
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    try {
                        System.in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        e.printStackTrace();
                    }
                    Runtime.getRuntime().halt(1);
                });
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Ends the process with SIGKILL and waits until it is gone. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Asks the process to end with SIGTERM, waits, and returns its exit code. */
    public int terminate() throws InterruptedException {
        process.destroy();
        return awaitExit();
    }

    /** Waits for the end of the process and returns its exit code. */
    public int awaitExit() throws InterruptedException {
        if (!process.waitFor(WATCHDOG_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError(
                    "child still runs: seconds="
                            + WATCHDOG_SECONDS
                            + " pid="
                            + pid()
                            + "\n"
                            + output());
        }
        return process.exitValue();
    }

    /** What the process has printed so far. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return "no output: " + e;
        }
    }

    @Override
    public void close() {
        kill();
    }
}
