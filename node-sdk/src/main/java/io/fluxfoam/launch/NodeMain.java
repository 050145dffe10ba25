package io.fluxfoam.launch;

import io.fluxfoam.liveness.MarkLock;
import io.fluxfoam.memory.CLibrary;
import io.fluxfoam.memory.Posix;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The life of a node's process: parse, launch, wait for SIGTERM, leave. Exit codes: 0 stopped, 1
 * failed, 2 bad arguments.
 *
 * <p>A stop is heard from the first instant of {@link #main} and is an exit with code 0 at every
 * later one: before the node has joined there is nothing to leave; afterwards its mark says
 * STOPPED. The JVM is then halted, and neither hooks nor destructors of libraries run: a model that
 * still loads must not lose its library under its feet.
 */
public final class NodeMain {
    private static final long STOP_TIMEOUT_MS = 30_000;

    /** Less than {@code up} has patience; on a crowded machine a library loads for seconds. */
    private static final long AHEAD_TIMEOUT_MS = 10_000;

    private static final int SIGNAL_BASE = 128;

    private static final Object JOINING = new Object();
    private static final CompletableFuture<NodeRunner> LAUNCHED = new CompletableFuture<>();
    private static final Queue<Thread> AHEAD = new ConcurrentLinkedQueue<>();
    private static boolean isHearing;
    private static boolean isNode = true;
    private static boolean isFailureSaid;
    private static @Nullable String joining;
    private static volatile @Nullable Standby standby;
    private static volatile boolean stopping;

    private NodeMain() {}

    /**
     * Runs a node's command with one line for each error and ends the process with its exit code.
     */
    public static void main(Callable<Integer> command, String[] args) {
        hear();
        ahead("foam-link", Posix::link);
        end(Commands.execute(Commands.line(command), args));
    }

    private static String reason(Throwable error) {
        return Commands.reason(NodeRunner.origin(error));
    }

    /**
     * Does what the node will need soon, and whoever needs it waits for, while the arguments are
     * still being parsed. The process does not end in the middle of it, where a library may have
     * left what it removes at the end, unless it takes many seconds.
     *
     * @param preparation harmless if the node never starts; what goes wrong in it goes wrong again
     *     where it is needed
     */
    public static void ahead(String thread, Runnable preparation) {
        AHEAD.add(
                Thread.ofPlatform()
                        .daemon()
                        .name(thread)
                        .uncaughtExceptionHandler((ended, error) -> {})
                        .start(preparation));
    }

    /**
     * This process does something else than to run a node: a signal ends it with 128 + its number,
     * since what it was to do is not done.
     */
    public static void onlyCheck() {
        synchronized (JOINING) {
            isNode = false;
        }
    }

    /**
     * Runs a node until SIGTERM, SIGINT or SIGHUP, after which the process ends with code 0, or
     * until it fails. One that is told to stop while it joins joins first, and leaves.
     *
     * @return exit code
     */
    public static int run(NodeContext context, NodeAgent agent)
            throws IOException, InterruptedException {
        context.command(commandLine());
        Thread.setDefaultUncaughtExceptionHandler(NodeMain::uncaught);
        hear();
        Standby waiting = context.standby() ? new Standby(context, agent) : null;
        standby = waiting;
        MarkLock name = waiting == null ? null : waiting.await();
        synchronized (JOINING) {
            if (stopping) {
                return 0;
            }
            joining = context.name();
        }
        try {
            // Not for signals: System.exit, wherever it is called, is a stop too.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(0), "foam-stop"));
        } catch (IllegalStateException e) {
            return 0; // told so already
        }
        NodeRunner runner =
                waiting == null || name == null
                        ? NodeRunner.launch(context, agent)
                        : NodeRunner.launch(context, agent, name, waiting.isPrepared());
        LAUNCHED.complete(runner);
        return outcome(runner);
    }

    /**
     * Exit code of a node that has ended or will; what it failed with is said once, however many
     * ask.
     */
    private static int outcome(NodeRunner runner) throws InterruptedException {
        Throwable failure = runner.await();
        if (failure == null) {
            return 0;
        }
        synchronized (LAUNCHED) {
            if (!isFailureSaid) {
                isFailureSaid = true;
                System.err.println(runner.node().name() + ": " + reason(failure));
            }
        }
        return 1;
    }

    private static void hear() {
        synchronized (JOINING) {
            if (!isHearing) {
                isHearing = true;
                StopSignals.hear(NodeMain::stop);
            }
        }
    }

    /**
     * Ends the process: at once if there is no node yet, else when it has left. One that hangs is
     * given up.
     */
    private static void stop(int signal) {
        synchronized (JOINING) {
            stopping = true;
            if (joining == null) {
                end(isNode ? 0 : SIGNAL_BASE + signal);
            }
        }
        try {
            NodeRunner runner = LAUNCHED.get(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS);
            runner.stop();
            if (runner.hasEndedWithin(STOP_TIMEOUT_MS)) {
                end(outcome(runner));
            }
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            // said below
        }
        // Its death then tells the others. One that cannot join has ended the process by now.
        System.err.println(
                joining + ": does not stop, given up after seconds=" + STOP_TIMEOUT_MS / 1_000);
        end(1);
    }

    private static void end(int exitCode) {
        Standby waiting = standby;
        if (waiting != null) {
            waiting.close();
        }
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(AHEAD_TIMEOUT_MS);
        try {
            for (Thread thread : AHEAD) {
                thread.join(
                        Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.out.flush();
        System.err.flush();
        CLibrary.skipDestructors();
        Runtime.getRuntime().halt(exitCode);
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

    static List<String> commandLine() {
        ProcessHandle.Info info = ProcessHandle.current().info();
        List<String> line = new ArrayList<>();
        info.command().ifPresent(line::add);
        info.arguments().ifPresent(arguments -> line.addAll(List.of(arguments)));
        return line;
    }
}
