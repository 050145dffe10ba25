package io.fluxfoam.cli.tape;

import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.SteppedNode;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamView;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Nodes that a test turns by hand: what they publish is random, and is remembered. */
final class Script {
    private static final long LOOKED_FOR_NS = 20_000_000_000L;
    private static final StreamSpec PICTURE = StreamSpec.of("picture", DType.U8, 4, 6).slots(300);
    private static final StreamSpec FEATURES = StreamSpec.of("features", DType.F32, 7).slots(300);

    private final Path foam;
    private final Random random;
    private final Map<String, SteppedNode> nodes = new HashMap<>();
    private final Map<String, List<StreamWriter>> streams = new HashMap<>();
    private final List<String> published = new ArrayList<>();

    Script(Path foam, long seed) {
        this.foam = foam;
        this.random = new Random(seed);
    }

    /** Joins a node with two streams, and waits until both are read. */
    void join(String name) throws Exception {
        SteppedNode node = SteppedNode.join(new NodeContext().foam(foam).name(name).role("toy"));
        node.node().attribute("epoch", name + " " + node.node().incarnation());
        node.node().reads("nobody/nothing");
        List<StreamWriter> writers = new ArrayList<>();
        for (StreamSpec spec : List.of(PICTURE, FEATURES)) {
            writers.add(node.node().publish(spec));
        }
        node.publish();
        nodes.put(name, node);
        streams.put(name, writers);
        for (StreamWriter writer : writers) {
            awaitReader(writer);
        }
    }

    private void awaitReader(StreamWriter writer) throws Exception {
        String file =
                writer.header().node()
                        + "."
                        + writer.header().incarnation()
                        + "."
                        + writer.name()
                        + ".control";
        long deadlineNs = System.nanoTime() + LOOKED_FOR_NS;
        while (StreamView.read(foam.resolve(file)).lanes().isEmpty()) {
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError("nobody reads " + file);
            }
            turn();
            Thread.sleep(1);
        }
    }

    void turn() throws IOException {
        for (SteppedNode node : nodes.values()) {
            node.turn(System.nanoTime());
        }
    }

    /** Commits so many tensors, each to a stream that chance chooses. */
    void commit(int count) throws IOException {
        List<StreamWriter> all = streams.values().stream().flatMap(List::stream).toList();
        for (int i = 0; i < count; i++) {
            commit(all.get(random.nextInt(all.size())));
            turn();
        }
    }

    private void commit(StreamWriter writer) {
        long[] shape = writer.header().spec().maxShape();
        for (int dim = 0; dim < shape.length; dim++) {
            shape[dim] = random.nextLong(shape[dim] + 1);
        }
        long elements = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        byte[] bytes = new byte[(int) (elements * writer.header().spec().dtype().bytes())];
        random.nextBytes(bytes);
        long tag = random.nextLong();
        long frame = random.nextLong();
        long captureNs = random.nextLong();
        try (Claim claim = writer.claim()) {
            MemorySegment.copy(MemorySegment.ofArray(bytes), 0, claim.payload(), 0, bytes.length);
            claim.shape(shape).tag(tag).commit(frame, captureNs);
        }
        published.add(
                line(
                        writer.header().node() + "/" + writer.name(),
                        writer.header().incarnation(),
                        frame,
                        captureNs,
                        tag,
                        shape,
                        bytes));
    }

    static String line(
            String target,
            long incarnation,
            long frame,
            long captureNs,
            long tag,
            long[] shape,
            byte[] bytes) {
        return target
                + " "
                + incarnation
                + " "
                + frame
                + " "
                + captureNs
                + " "
                + tag
                + " "
                + Arrays.toString(shape)
                + " "
                + Arrays.toString(bytes);
    }

    void kill(String name) throws IOException {
        end(name, false);
    }

    void stop(String name) throws IOException {
        end(name, true);
    }

    private void end(String name, boolean cleanly) throws IOException {
        streams.remove(name);
        try (SteppedNode node = nodes.remove(name)) {
            node.depart(cleanly);
        }
    }

    void stopAll() throws IOException {
        for (String name : List.copyOf(nodes.keySet())) {
            stop(name);
        }
    }

    /** All that has been published, in the order of the commits. */
    List<String> published() {
        return published;
    }
}
