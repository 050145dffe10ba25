package io.fluxfoam.bridge;

import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.SteppedNode;
import io.fluxfoam.stream.Checksum;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A node that publishes what can be told from its frame's number alone. Turned by the test. */
final class ToyNode implements AutoCloseable {
    private final SteppedNode stepped;
    private final Map<String, StreamWriter> writers = new HashMap<>();
    private boolean hasEnded;
    private boolean isStill;

    ToyNode(Path foam, String name, String... streams) throws IOException {
        this(foam, name, 4, 1024, streams);
    }

    ToyNode(Path foam, String name, int readers, int bytes, String... streams) throws IOException {
        this(foam, name, readers, readers + 8, bytes, streams);
    }

    ToyNode(Path foam, String name, int readers, int slots, int bytes, String... streams)
            throws IOException {
        stepped = SteppedNode.join(new NodeContext().foam(foam).name(name).role("teacher"));
        for (String stream : streams) {
            StreamSpec spec =
                    new StreamSpec(
                            stream,
                            DType.U8,
                            new long[] {2, bytes / 2},
                            slots,
                            readers,
                            Checksum.CRC32C);
            writers.put(stream, stepped.node().publish(spec));
        }
        stepped.node().attribute("epoch", "one");
        stepped.publish();
    }

    Node node() {
        return stepped.node();
    }

    void turn() throws IOException {
        stepped.turn(System.nanoTime());
    }

    /** Heart and hands stand still. */
    void standStill() {
        isStill = true;
    }

    void goOn() {
        isStill = false;
    }

    boolean isTurned() {
        return !hasEnded && !isStill;
    }

    long publish(String stream, long frame) throws IOException {
        turn();
        try (Claim claim = writers.get(stream).claim()) {
            fill(claim.payload(), frame);
            claim.tag(frame * 3);
            return claim.commit(frame, frame * 1_000);
        }
    }

    /** Each eight bytes are of the frame and their place. */
    static void fill(MemorySegment bytes, long frame) {
        for (long at = 0; at + 8 <= bytes.byteSize(); at += 8) {
            bytes.set(ValueLayout.JAVA_LONG_UNALIGNED, at, frame * 0x9e3779b97f4a7c15L + at);
        }
    }

    static boolean isOf(MemorySegment bytes, long frame) {
        for (long at = 0; at + 8 <= bytes.byteSize(); at += 8) {
            if (bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, at)
                    != frame * 0x9e3779b97f4a7c15L + at) {
                return false;
            }
        }
        return true;
    }

    void end(boolean cleanly) throws IOException {
        if (!hasEnded) {
            hasEnded = true;
            stepped.depart(cleanly);
            stepped.close();
        }
    }

    @Override
    public void close() throws IOException {
        end(true);
    }
}
