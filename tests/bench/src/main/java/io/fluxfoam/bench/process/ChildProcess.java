package io.fluxfoam.bench.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A child that takes commands and gives replies, one line each, on its standard input and output.
 * Whatever else it prints is kept in a file. Belongs to one thread; {@link #kill} may come from
 * another.
 */
public final class ChildProcess {
    /** What begins a line that is a reply. */
    public static final String REPLY = "@";

    private static final String END = "end of output";
    private final String name;
    private final Process process;
    private final Path log;
    private final PrintStream commands;
    private final LinkedBlockingQueue<String> replies = new LinkedBlockingQueue<>();

    private ChildProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    static ChildProcess start(String name, List<String> commandLine, Path log) throws IOException {
        Process process =
                new ProcessBuilder(commandLine)
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        ChildProcess child = new ChildProcess(name, process, log);
        Thread.ofPlatform().daemon().name("bench-read-" + name).start(child::readReplies);
        return child;
    }

    private void readReplies() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith(REPLY)) {
                    replies.add(line.substring(REPLY.length()));
                }
            }
        } catch (IOException e) {
            replies.add(END);
            return;
        }
        replies.add(END);
    }

    public long pid() {
        return process.pid();
    }

    /** Sends a command. That the child is dead is told by the reply that does not come. */
    public void send(String command) {
        commands.println(command);
    }

    /**
     * Waits for the next reply.
     *
     * @throws IOException if the child ended or said nothing for that time
     */
    public String receive(long timeoutMs) throws IOException, InterruptedException {
        String reply = replies.poll(timeoutMs, TimeUnit.MILLISECONDS);
        if (reply == null) {
            throw new IOException("no reply: child=" + name + " timeoutMs=" + timeoutMs);
        }
        if (reply.equals(END)) {
            process.waitFor();
            throw new IOException(
                    "ended: child="
                            + name
                            + " exitCode="
                            + process.exitValue()
                            + " "
                            + lastWords());
        }
        return reply;
    }

    private String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            return lines.isEmpty() ? "" : lines.getFirst();
        } catch (IOException e) {
            return "";
        }
    }

    /** SIGTERM; returns whether it ended in time. */
    public boolean terminate(long timeoutMs) throws InterruptedException {
        process.destroy();
        return process.waitFor(timeoutMs, TimeUnit.MILLISECONDS);
    }

    /** {@code kill -9}, and waits until the kernel has taken the process away. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
