package io.fluxfoam.launch;

import io.fluxfoam.memory.Posix;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The life of a node's process: parse, launch, wait for SIGTERM, leave. Exit codes: 0 stopped, 1
 * failed, 2 bad arguments.
 */
public final class NodeMain {
    private static final long STOP_TIMEOUT_MS = 30_000;

    private NodeMain() {}

    /**
     * Runs a node's command with one line for each error and ends the process with its exit code.
     */
    public static void main(Callable<Integer> command, String[] args) {
        ahead("foam-link", Posix::link);
        int exitCode = Commands.line(command).execute(args);
        if (exitCode != 0 || !stopping) {
            Runtime.getRuntime().halt(flushed(exitCode));
        }
    }

    private static volatile boolean stopping;

    /**
     * Does what the node will need soon, and whoever needs it waits for, while the arguments are
     * still being parsed.
     *
     * @param preparation harmless if the node never starts; what goes wrong in it goes wrong again
     *     where it is needed
     */
    public static void ahead(String thread, Runnable preparation) {
        Thread.ofPlatform()
                .daemon()
                .name(thread)
                .uncaughtExceptionHandler((ended, error) -> {})
                .start(preparation);
    }

    private static int flushed(int exitCode) {
        System.out.flush();
        System.err.flush();
        return exitCode;
    }

    /**
     * Runs a node until SIGTERM or SIGINT, after which the process ends with code 0, or until it
     * fails. One that is told to stop while it joins joins first, and leaves.
     *
     * @return exit code
     */
    public static int run(NodeContext context, NodeAgent agent)
            throws IOException, InterruptedException {
        context.command(commandLine());
        CompletableFuture<NodeRunner> launched = new CompletableFuture<>();
        Thread.setDefaultUncaughtExceptionHandler(NodeMain::uncaught);
        try {
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> stop(context.name(), launched), "foam-stop"));
        } catch (IllegalStateException e) {
            // told to stop before it has joined: the signal is about to end the process
            stopping = true;
            return 0;
        }
        NodeRunner runner = NodeRunner.launch(context, agent);
        launched.complete(runner);
        Throwable failure = runner.await();
        if (failure != null) {
            System.err.println(context.name() + ": " + Commands.reason(failure));
            return 1;
        }
        return 0;
    }

    private static void stop(String name, CompletableFuture<NodeRunner> launched) {
        stopping = true;
        Runtime.getRuntime().halt(flushed(leaves(name, launched) ? 0 : 1));
    }

    /**
     * Libraries start threads that fail with a LinkageError in a process that is ending already: no
     * news then.
     */
    private static void uncaught(Thread thread, Throwable error) {
        if (!(stopping && error instanceof LinkageError)) {
            System.err.print("Exception in thread \"" + thread.getName() + "\" ");
            error.printStackTrace();
        }
    }

    /**
     * Whether the node leaves cleanly. One that hangs is given up: its death then tells the others.
     * One that cannot join ends by itself.
     */
    private static boolean leaves(String name, CompletableFuture<NodeRunner> launched) {
        try {
            NodeRunner runner = launched.get(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS);
            runner.stop();
            if (runner.hasEndedWithin(STOP_TIMEOUT_MS)) {
                return runner.await() == null;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            // said below
        }
        System.err.println(
                name + ": does not stop, given up after seconds=" + STOP_TIMEOUT_MS / 1_000);
        return false;
    }

    static List<String> commandLine() {
        ProcessHandle.Info info = ProcessHandle.current().info();
        List<String> line = new ArrayList<>();
        info.command().ifPresent(line::add);
        info.arguments().ifPresent(arguments -> line.addAll(List.of(arguments)));
        return line;
    }
}
