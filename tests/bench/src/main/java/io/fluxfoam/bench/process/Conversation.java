package io.fluxfoam.bench.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A child's side of its conversation with the bench. The child ends when the bench is gone,
 * whatever it is doing, because a thread waits for the end of its standard input. Libraries that
 * print cannot disturb the replies.
 */
public final class Conversation {
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final PrintStream replies = System.out;

    private Conversation() {}

    public static Conversation begin() {
        Conversation conversation = new Conversation();
        System.setOut(System.err);
        Thread.ofPlatform().daemon().name("bench-commands").start(conversation::read);
        return conversation;
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            System.err.println("cannot read commands: " + e.getMessage());
        }
        Runtime.getRuntime().halt(0);
    }

    /** The next command. */
    public String next() throws InterruptedException {
        return lines.take();
    }

    /** Replies with one line. */
    public void reply(String line) {
        replies.println(ChildProcess.REPLY + line);
        replies.flush();
    }
}
