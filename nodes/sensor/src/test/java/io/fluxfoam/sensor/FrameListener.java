package io.fluxfoam.sensor;

import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A node that keeps a copy of all that a sensor publishes. */
final class FrameListener implements NodeAgent {
    private static final List<String> STREAMS =
            List.of("picture", "sound", "caption", "candidates");

    private final Map<String, Subscription> subscriptions = new TreeMap<>();
    private final Map<String, BlockingQueue<Tensor>> heard = new TreeMap<>();

    /** One tensor of a stream. */
    record Tensor(long frameNumber, long captureNs, byte[] bytes) {}

    FrameListener() {
        STREAMS.forEach(stream -> heard.put(stream, new LinkedBlockingQueue<>()));
    }

    static NodeRunner launch(Path foam, FrameListener listener) throws IOException {
        return NodeRunner.launch(
                new NodeContext().foam(foam).name("listener").role("listener"), listener);
    }

    @Override
    public void onStart(Node node) {
        STREAMS.forEach(stream ->
                subscriptions.put(stream, node.subscribe("sensor/" + stream, ReadMode.IN_ORDER)));
    }

    @Override
    public int doWork() {
        int work = 0;
        for (Map.Entry<String, Subscription> entry : subscriptions.entrySet()) {
            try (Lease lease = entry.getValue().poll()) {
                if (lease != null) {
                    byte[] bytes = lease.payload().toArray(ValueLayout.JAVA_BYTE);
                    heard.get(entry.getKey())
                            .add(new Tensor(lease.frameNumber(), lease.captureNs(), bytes));
                    work++;
                }
            }
        }
        return work;
    }

    /** The next tensors of a stream; waits for them. */
    List<Tensor> take(String stream, int count) throws InterruptedException {
        List<Tensor> tensors = new ArrayList<>();
        while (tensors.size() < count) {
            tensors.add(heard.get(stream).take());
        }
        return tensors;
    }

    /** How many tensors of a stream wait to be taken. */
    int waiting(String stream) {
        return heard.get(stream).size();
    }
}
