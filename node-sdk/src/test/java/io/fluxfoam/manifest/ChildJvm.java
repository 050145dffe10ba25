package io.fluxfoam.manifest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own with the class path of the tests and the options of a node, to be killed at any moment. */
public final class ChildJvm implements AutoCloseable {
    private static final int WATCHDOG_SECONDS = 60;

    private final Process process;
    private final Path output;

    private ChildJvm(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts {@code main}; what it prints goes to {@code output}. */
    public static ChildJvm start(Path output, Class<?> main, Object... args) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "@" + Path.of(System.getProperty("foam.home"), "deploy", "jvm.options"),
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx64m",
                                "-classpath",
                                System.getProperty("java.class.path"),
                                main.getName()));
        Arrays.stream(args).map(Object::toString).forEach(command::add);
        Process process =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        return new ChildJvm(process, output);
    }

    /** To be called by the child: it ends when the JVM that started it is gone, so that no test leaves a process behind. */
    public static void endWithParent() {
        Thread.ofPlatform()
                .daemon()
                .start(
                        () -> {
                            try {
                                System.in.transferTo(OutputStream.nullOutputStream());
                            } catch (IOException e) {
                                e.printStackTrace();
                            }
                            Runtime.getRuntime().halt(1);
                        });
    }

    /** Whether the process runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Ends the process with SIGKILL and waits until it is gone. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Waits for the end of the process and returns its exit code. */
    public int awaitExit() throws InterruptedException {
        if (!process.waitFor(WATCHDOG_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("child still runs after seconds=" + WATCHDOG_SECONDS + " " + output);
        }
        return process.exitValue();
    }

    /** What the process has printed so far. */
    public String output() throws IOException {
        return Files.readString(output);
    }

    @Override
    public void close() {
        kill();
    }
}
