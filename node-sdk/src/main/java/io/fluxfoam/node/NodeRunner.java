package io.fluxfoam.node;

import io.fluxfoam.liveness.MarkLock;
import io.fluxfoam.manifest.Manifest;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs a node: joins the foam, turns the duty cycle on a thread named {@code foam-data-NAME}, and
 * leaves the foam on SIGTERM or when the agent fails. {@code STARTING -> RUNNING -> STOPPED |
 * FAILED}.
 */
public final class NodeRunner implements AutoCloseable {
    private static final long STOP_TIMEOUT_MS = 10_000;
    private static final long BACKGROUND_TIMEOUT_MS = 3_000;
    private static final long START_BEAT_MS = 100;

    private final NodeAgent agent;
    private final Node node;
    private final IdleMode idleMode;
    private final long maxIdleNs;
    private final boolean isPrepared;
    private final Thread thread;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;
    private volatile boolean isStarting = true;
    private volatile boolean isLoaded;
    private @Nullable Thread heart;
    private @Nullable Thread publisher;
    private @Nullable Thread loader;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Throwable outcome;

    private NodeRunner(NodeAgent agent, Node node, NodeContext context, boolean isPrepared) {
        this.agent = agent;
        this.node = node;
        this.idleMode = context.idleMode();
        this.maxIdleNs = context.maxIdleNs();
        this.isPrepared = isPrepared;
        this.thread = new Thread(this::run, "foam-data-" + node.name());
    }

    /**
     * Joins and starts to turn.
     *
     * @throws IOException if the foam is not ours, the name is taken, or there is no memory left
     */
    public static NodeRunner launch(NodeContext context, NodeAgent agent) throws IOException {
        return start(new NodeRunner(agent, Node.join(context), context, false));
    }

    /**
     * The same for a standby, to which the kernel has handed the name.
     *
     * @param name the lock on the context's name, which is the node's from now on
     * @param isPrepared whether {@link NodeAgent#onPrepare} has been called
     */
    public static NodeRunner launch(
            NodeContext context, NodeAgent agent, MarkLock name, boolean isPrepared)
            throws IOException {
        return start(new NodeRunner(agent, Node.join(context, name), context, isPrepared));
    }

    private static NodeRunner start(NodeRunner runner) {
        runner.thread.start();
        return runner;
    }

    private void run() {
        try (Idle idle = Idle.of(idleMode, node.wakeSignal(), maxIdleNs)) {
            beatWhileStarting();
            agent.onStart(node);
            Manifest manifest = node.conclude();
            publisher = inBackground("foam-manifest-", () -> publish(manifest));
            loader = inBackground("foam-load-", this::load);
            while (!stopping && failure == null) {
                turn(idle);
            }
        } catch (Throwable e) {
            failed(e);
        }
        if (hasLoaded() && failure == null) {
            try {
                agent.onStop();
            } catch (Throwable e) {
                failed(e);
            }
        }
        end();
    }

    /**
     * Waits for the loader, since an agent that stops while it loads would have its two threads in
     * each other's way.
     */
    private boolean hasLoaded() {
        if (loader == null) {
            return false;
        }
        try {
            for (long waitedMs = 0;
                    waitedMs < BACKGROUND_TIMEOUT_MS && loader.isAlive();
                    waitedMs += START_BEAT_MS) {
                loader.join(START_BEAT_MS);
                node.beat(System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !loader.isAlive();
    }

    /**
     * A library that wants a shutdown hook cannot start in a JVM that is ending: being stopped
     * early is no failure.
     */
    private void failed(Throwable error) {
        if (!(error instanceof LinkageError) || !isJvmEnding()) {
            failure = error;
        }
    }

    private static boolean isJvmEnding() {
        Thread probe = new Thread(() -> {});
        try {
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    /**
     * Classes load and memory is allocated before the first turn, and Chronicle's until the
     * manifest is out, which the first look at a peer's has to wait for: for seconds on a busy
     * machine. The heart beats meanwhile.
     */
    private void beatWhileStarting() {
        heart =
                Thread.ofPlatform()
                        .daemon()
                        .name("foam-start-" + node.name())
                        .start(() -> {
                            while (isStarting) {
                                node.beat(System.nanoTime());
                                LockSupport.parkNanos(START_BEAT_MS * 1_000_000);
                            }
                        });
    }

    private void publish(Manifest manifest) throws IOException {
        try {
            node.publish(manifest);
        } finally {
            isStarting = false;
        }
    }

    private void turn(Idle idle) throws Exception {
        long nowNs = System.nanoTime();
        node.beat(nowNs);
        boolean works = isLoaded;
        List<Subscription> heard = works ? node.subscriptions() : List.of();
        idle.listen(heard);
        int work = works ? agent.doWork() : 0;
        work += node.controlTurn(nowNs);
        if (work > 0) {
            idle.reset();
        } else {
            idle.idle(heard, node.nextControlNs());
        }
    }

    private void load() throws Exception {
        if (!isPrepared) {
            agent.onPrepare();
        }
        agent.onLoad();
        isLoaded = true;
    }

    private interface Task {
        void run() throws Exception;
    }

    /**
     * Beside the duty cycle, so that neither a model nor the manifest stands between a start and
     * the first commit.
     */
    private Thread inBackground(String prefix, Task task) {
        return Thread.ofPlatform()
                .daemon()
                .name(prefix + node.name())
                .start(() -> {
                    try {
                        task.run();
                    } catch (Throwable e) {
                        failed(e);
                    }
                    node.wake();
                });
    }

    /** Whatever goes wrong here, the mark is closed and nobody waits for us any longer. */
    private void end() {
        endBackground();
        outcome = failure; // what fails from now on changes nothing
        try {
            if (outcome != null) {
                node.error(
                        outcome instanceof Exception e
                                ? e
                                : new IOException(origin(outcome).toString(), outcome));
            }
            node.leave(outcome == null);
        } catch (Throwable e) {
            outcome = outcome == null ? e : outcome;
        } finally {
            ended.countDown();
        }
    }

    /**
     * What a failure came from: of a class that could not be initialised, for example, why not. Its
     * name alone would tell the user nothing.
     */
    public static Throwable origin(Throwable failure) {
        Throwable origin = failure;
        while ((origin instanceof LinkageError || origin instanceof ExecutionException)
                && origin.getCause() != null) {
            origin = origin.getCause();
        }
        return origin;
    }

    /**
     * Unless one of them hangs, nothing of ours touches the mark, the manifest, or the node's other
     * files after this.
     */
    private void endBackground() {
        isStarting = false;
        try {
            for (Thread thread : new @Nullable Thread[] {publisher, heart}) {
                if (thread != null) {
                    LockSupport.unpark(thread);
                    thread.join(BACKGROUND_TIMEOUT_MS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks the node to stop after its current turn. From any thread. */
    public void stop() {
        stopping = true;
        node.wake();
    }

    /**
     * Waits until the node has left the foam; returns what it failed with, or null if it stopped
     * cleanly.
     */
    public @Nullable Throwable await() throws InterruptedException {
        ended.await();
        return outcome;
    }

    /** Waits until the node has left the foam, but not longer than this; returns whether it has. */
    public boolean hasEndedWithin(long timeoutMs) throws InterruptedException {
        return ended.await(timeoutMs, TimeUnit.MILLISECONDS);
    }

    /** Stops the node and waits until it has left the foam, at most ten seconds. */
    @Override
    public void close() {
        stop();
        try {
            thread.join(STOP_TIMEOUT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The node, for what may be called from other threads. */
    public Node node() {
        return node;
    }
}
