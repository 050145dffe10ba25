package io.fluxfoam.node;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs a node: joins the foam, turns the duty cycle on a thread named {@code foam-data-NAME}, and leaves the foam on SIGTERM
 * or when the agent fails. {@code STARTING -> RUNNING -> STOPPED | FAILED}.
 */
public final class NodeRunner implements AutoCloseable {
    private static final long STOP_TIMEOUT_MS = 10_000;
    private static final long START_BEAT_MS = 100;

    private final NodeAgent agent;
    private final Node node;
    private final long maxIdleNs;
    private final Thread thread;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;
    private volatile boolean isStarting = true;
    private volatile boolean isLoaded;
    private volatile Throwable failure;

    private NodeRunner(NodeAgent agent, Node node, long maxIdleNs) {
        this.agent = agent;
        this.node = node;
        this.maxIdleNs = maxIdleNs;
        this.thread = new Thread(this::run, "foam-data-" + node.name());
    }

    /**
     * Joins and starts to turn.
     *
     * @throws IOException if the foam is not ours, the name is taken, or there is no memory left
     */
    public static NodeRunner launch(NodeContext context, NodeAgent agent) throws IOException {
        NodeRunner runner = new NodeRunner(agent, Node.join(context), context.maxIdleNs());
        runner.thread.start();
        return runner;
    }

    private void run() {
        beatWhileStarting();
        try (IdleSleep sleep = new IdleSleep(maxIdleNs)) {
            agent.onStart(node);
            node.publishManifest();
            isStarting = false;
            startLoading();
            while (!stopping && failure == null) {
                turn(sleep);
            }
            if (failure == null) {
                agent.onStop();
            }
        } catch (Throwable e) {
            failure = e;
        }
        end();
    }

    /** Classes load and memory is allocated before the first turn: on a busy machine that may take seconds. */
    private void beatWhileStarting() {
        Thread.ofPlatform()
                .daemon()
                .name("foam-start-" + node.name())
                .start(
                        () -> {
                            while (isStarting && failure == null) {
                                node.beat(System.nanoTime());
                                LockSupport.parkNanos(START_BEAT_MS * 1_000_000);
                            }
                        });
    }

    private void turn(IdleSleep sleep) throws Exception {
        long nowNs = System.nanoTime();
        node.beat(nowNs);
        int work = isLoaded ? agent.doWork() : 0;
        work += node.controlTurn(nowNs);
        if (work > 0) {
            sleep.reset();
        } else {
            sleep.idle(node.subscriptions(), node.nextControlNs());
        }
    }

    private void startLoading() {
        Thread loader =
                new Thread(
                        () -> {
                            try {
                                agent.onLoad();
                                isLoaded = true;
                            } catch (Throwable e) {
                                failure = e;
                            }
                        },
                        "foam-load-" + node.name());
        loader.setDaemon(true);
        loader.start();
    }

    private void end() {
        try {
            if (failure != null) {
                node.error(failure instanceof Exception e ? e : new IOException(failure.toString(), failure));
            }
            node.leave(failure == null);
        } catch (IOException | RuntimeException e) {
            failure = failure == null ? e : failure;
        } finally {
            ended.countDown();
        }
    }

    /** Asks the node to stop after its current turn. From any thread. */
    public void stop() {
        stopping = true;
    }

    /** Waits until the node has left the foam; returns what it failed with, or null if it stopped cleanly. */
    public Throwable await() throws InterruptedException {
        ended.await();
        return failure;
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
