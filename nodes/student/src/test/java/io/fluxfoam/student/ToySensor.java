package io.fluxfoam.student;

import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;
import io.fluxfoam.tensor.FrameNumber;

import java.io.IOException;

/** Publishes frame after frame, some hundred a second. */
final class ToySensor implements NodeAgent {
    private static final long EVERY_NS = 10_000_000L;

    private final int rows;
    private final int columns;
    private StreamWriter pictures;
    private StreamWriter sounds;
    private long incarnation;
    private long counter;
    private long nextNs = System.nanoTime();

    ToySensor() {
        this(96, 320);
    }

    /** Of pictures of another shape, and as many bytes. */
    ToySensor(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
    }

    @Override
    public void onStart(Node node) throws IOException {
        pictures = node.publish(StreamSpec.of("picture", DType.U8, rows, columns, 3));
        sounds = node.publish(StreamSpec.of("sound", DType.F32, Scenery.SHAPE.samples()));
        incarnation = node.incarnation();
    }

    @Override
    public int doWork() {
        long nowNs = System.nanoTime();
        if (nowNs - nextNs < 0) {
            return 0;
        }
        nextNs = nowNs + EVERY_NS;
        long frame = FrameNumber.of(incarnation, counter++);
        try (Claim claim = pictures.claim()) {
            claim.payload().copyFrom(Scenery.picture(frame));
            claim.commit(frame, nowNs);
        }
        try (Claim claim = sounds.claim()) {
            claim.payload().copyFrom(Scenery.sound(frame));
            claim.commit(frame, nowNs);
        }
        return 1;
    }
}
