package io.fluxfoam.tests.torture;

import io.fluxfoam.launch.StartCache;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A process of a test that takes commands by lines and answers each by one line. It ends when the
 * test's own process does. One thread asks at a time.
 */
final class Worker implements AutoCloseable {
    private static final String END = "\0";

    private final Process process;
    private final Path log;
    private final BufferedWriter commands;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    private Worker(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        Thread.ofPlatform().daemon().name("answers-of-" + process.pid()).start(this::listen);
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answers.add(line);
            }
        } catch (IOException e) {
            answers.add("cannot be heard: " + e.getMessage());
        }
        answers.add(END);
    }

    /** Starts a main class of the test's class path; what it prints to stderr goes into a file. */
    static Worker start(String name, Path logs, Class<?> main, Object... arguments)
            throws IOException {
        return start(List.of(), name, logs, main, arguments);
    }

    /**
     * Starts it behind another command, for example one that changes the process's view of the
     * machine.
     */
    static Worker start(
            List<String> prefix, String name, Path logs, Class<?> main, Object... arguments)
            throws IOException {
        Path log = logs.resolve(name + ".log");
        StartCache start = StartCache.ofThisProcess();
        List<String> line = new ArrayList<>(prefix);
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("@" + Path.of(System.getProperty("foam.home"), "deploy", "jvm.options"));
        line.addAll(start.options());
        line.addAll(List.of("-Xmx256m", "-XX:ErrorFile=" + logs.resolve(name + ".crash")));
        line.addAll(List.of("-cp", start.classPath(), main.getName()));
        Arrays.stream(arguments).map(Object::toString).forEach(line::add);
        Process process =
                new ProcessBuilder(line)
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        return new Worker(process, log);
    }

    /** Gives a command. */
    void tell(Object... words) throws IOException {
        for (int i = 0; i < words.length; i++) {
            commands.write((i == 0 ? "" : " ") + words[i]);
        }
        commands.newLine();
        commands.flush();
    }

    /** Waits for the next answer; a test's timeout ends the wait. */
    String answer() throws IOException, InterruptedException {
        String answer = answers.take();
        if (answer.equals(END)) {
            throw new IOException("the worker has ended: pid=" + pid() + "\n" + output());
        }
        return answer;
    }

    /** Gives a command and waits for its answer. */
    String ask(Object... words) throws IOException, InterruptedException {
        tell(words);
        return answer();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Sends a signal by its name. */
    void signal(String name) throws IOException, InterruptedException {
        int exitCode =
                new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                        .inheritIO()
                        .start()
                        .waitFor();
        if (exitCode != 0) {
            throw new IOException("kill -" + name + " " + pid() + " failed: exitCode=" + exitCode);
        }
    }

    /** Waits for the end; returns the exit code. */
    int await() throws InterruptedException {
        return process.waitFor();
    }

    /** What it has printed to stderr so far. */
    String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "no output: " + e.getMessage();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
