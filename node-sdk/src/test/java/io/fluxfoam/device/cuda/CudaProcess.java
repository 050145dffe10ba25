package io.fluxfoam.device.cuda;

import io.fluxfoam.launch.StartCache;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own on the driver that this one uses, to be killed at any moment. It ends with the
 * JVM that started it.
 */
public final class CudaProcess implements AutoCloseable {
    private static final int WATCHDOG_SECONDS = 120;

    private final Process process;
    private final Path output;

    private CudaProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * Starts {@code main}.
     *
     * @param output where what it prints is appended
     * @param environment added to ours; {@code -Dname} as a name sets a system property instead
     */
    public static CudaProcess start(
            Path output, Map<String, String> environment, Class<?> main, Object... arguments)
            throws IOException {
        StartCache start = StartCache.ofThisProcess();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + Path.of(System.getProperty("foam.home"), "deploy", "jvm.options"));
        command.addAll(start.options());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx64m"));
        command.add("-Dfoam.home=" + System.getProperty("foam.home"));
        command.addAll(CudaProbe.driverOptions());
        environment.forEach((name, value) -> addProperty(command, name, value));
        command.addAll(List.of("-classpath", start.classPath(), main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        environment.forEach((name, value) -> addVariable(builder, name, value));
        return new CudaProcess(
                builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile())).start(),
                output);
    }

    private static void addProperty(List<String> command, String name, String value) {
        if (name.startsWith("-D")) {
            command.add(name + "=" + value);
        }
    }

    private static void addVariable(ProcessBuilder builder, String name, String value) {
        if (!name.startsWith("-D")) {
            builder.environment().put(name, value);
        }
    }

    /**
     * To be called by the child: it ends when the JVM that started it is gone, so that no test
     * leaves a process behind.
     */
    public static void endWithParent() {
        InputStream parent = System.in;
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    try {
                        parent.transferTo(OutputStream.nullOutputStream());
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

    /** {@code kill -9}, and waits until the kernel has taken the process away. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** SIGTERM; waits for the end and returns the exit code. */
    public int terminate() throws InterruptedException, IOException {
        // not Process.destroy, which closes the pipe by which the child knows its parent
        process.toHandle().destroy();
        return awaitExit();
    }

    /** Waits for the end and returns the exit code. */
    public int awaitExit() throws InterruptedException, IOException {
        if (!process.waitFor(WATCHDOG_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError(
                    "still runs after seconds=" + WATCHDOG_SECONDS + "\n" + output());
        }
        return process.exitValue();
    }

    /** What it has printed so far. */
    public String output() throws IOException {
        return Files.readString(output);
    }

    @Override
    public void close() {
        kill();
    }
}
