package io.fluxfoam.cli;

import io.fluxfoam.memory.Posix;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** The life of a node's process: parse, launch, wait for SIGTERM, leave. Exit codes: 0 stopped, 1 failed, 2 bad arguments. */
public final class NodeMain {
    private static final long STOP_TIMEOUT_MS = 30_000;

    private NodeMain() {}

    /** Runs a node's command with one line for each error and ends the process with its exit code. */
    public static void main(Callable<Integer> command, String[] args) {
        ahead("foam-link", Posix::link);
        int exitCode = Commands.line(command).execute(args);
        if (exitCode != 0 || !stopping) {
            Runtime.getRuntime().halt(flushed(exitCode));
        }
    }

    private static volatile boolean stopping;

    /**
     * Does what the node will need soon, and whoever needs it waits for, while the arguments are still being parsed.
     *
     * @param preparation harmless if the node never starts; what goes wrong in it goes wrong again where it is needed
     */
    public static void ahead(String thread, Runnable preparation) {
        Thread.ofPlatform().daemon().name(thread).uncaughtExceptionHandler((ended, error) -> {}).start(preparation);
    }

    private static int flushed(int exitCode) {
        System.out.flush();
        System.err.flush();
        return exitCode;
    }

    /**
     * Runs a node until SIGTERM or SIGINT, after which the process ends with code 0, or until it fails.
     *
     * @return exit code
     */
    public static int run(NodeContext context, NodeAgent agent) throws IOException, InterruptedException {
        context.command(commandLine());
        NodeRunner runner = NodeRunner.launch(context, agent);
        Thread hook =
                new Thread(
                        () -> {
                            stopping = true;
                            runner.stop();
                            Runtime.getRuntime().halt(flushed(awaitStop(context.name(), runner) ? 0 : 1));
                        },
                        "foam-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        Throwable failure = runner.await();
        if (failure != null) {
            System.err.println(context.name() + ": " + Commands.reason(failure));
            return 1;
        }
        return 0;
    }

    /** Whether the node has left cleanly; one that hangs is given up, its death then tells the others. */
    private static boolean awaitStop(String name, NodeRunner runner) {
        try {
            if (runner.hasEndedWithin(STOP_TIMEOUT_MS)) {
                return runner.await() == null;
            }
            System.err.println(name + ": does not stop, given up after seconds=" + STOP_TIMEOUT_MS / 1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
