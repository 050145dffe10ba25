package io.fluxfoam.tests.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A node in another language: a process that prints figures when it ends. */
final class ClientProcess implements AutoCloseable {
    private static final int WATCHDOG_SECONDS = 3_600;
    static final int KILLED = 137;

    private final Process process;
    private final Path output;
    private final Path errors;

    private ClientProcess(Process process, Path output, Path errors) {
        this.process = process;
        this.output = output;
        this.errors = errors;
    }

    static ClientProcess start(
            Path logs, Map<String, String> environment, List<String> command, Object... arguments)
            throws IOException {
        Path output = Files.createTempFile(logs, environment.get("FOAM_NAME"), ".out");
        Path errors = Files.createTempFile(logs, environment.get("FOAM_NAME"), ".err");
        List<String> line = new ArrayList<>(command);
        for (Object argument : arguments) {
            line.add(argument.toString());
        }
        ProcessBuilder builder =
                new ProcessBuilder(line)
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile());
        builder.environment().putAll(environment);
        return new ClientProcess(builder.start(), output, errors);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL, and waits until it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM. */
    void stop() {
        process.toHandle().destroy();
    }

    /** Waits for the end and returns the exit code. */
    int await() throws InterruptedException {
        if (!process.waitFor(WATCHDOG_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError("does not end: " + said());
        }
        return process.exitValue();
    }

    /** Waits for the end, which must be a good one, and returns the line of figures. */
    String figures() throws InterruptedException, IOException {
        assertEquals(0, await(), this::said);
        return Files.readString(output, StandardCharsets.UTF_8).strip();
    }

    /** One of the figures: {@code NAME=N}. */
    static long figure(String line, String name) {
        for (String word : line.split(" ")) {
            if (word.startsWith(name + "=")) {
                return Long.parseLong(word.substring(name.length() + 1));
            }
        }
        throw new AssertionError("no " + name + " in: " + line);
    }

    String said() {
        try {
            return Files.readString(output, StandardCharsets.UTF_8)
                    + Files.readString(errors, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "no output: " + e.getMessage();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
