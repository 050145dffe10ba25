package io.fluxfoam.evaluator;

import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;
import io.fluxfoam.tensor.FrameNumber;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;

/** Captions and, if they are wanted, pictures, one frame at each idle turn. */
final class ScriptedSensor implements NodeAgent {
    private static final int HEIGHT = 48;
    private static final int WIDTH = 64;
    private static final long HURRIED_EVERY_NS = 2_000_000;

    private final String candidates;
    private final LongFunction<String> captionOf;
    private final @Nullable LongFunction<byte[]> pictureOf;
    private Node node;
    private StreamWriter caption;
    private @Nullable StreamWriter picture;
    private long counter;
    private boolean isHurried;

    ScriptedSensor() {
        this(ScriptedWorld.CANDIDATES, ScriptedWorld::sentence, null);
    }

    /**
     * @param pictureOf the 48x64 pixels of a frame
     */
    ScriptedSensor(
            String candidates,
            LongFunction<String> captionOf,
            @Nullable LongFunction<byte[]> pictureOf) {
        this.candidates = candidates;
        this.captionOf = captionOf;
        this.pictureOf = pictureOf;
    }

    /** Shows hundreds of frames a second. */
    ScriptedSensor hurried() {
        isHurried = true;
        return this;
    }

    @Override
    public void onStart(Node newNode) throws IOException {
        node = newNode;
        caption = node.publish(StreamSpec.of("caption", DType.U8, 512).slots(64));
        if (pictureOf != null) {
            picture = node.publish(StreamSpec.of("picture", DType.U8, HEIGHT, WIDTH, 3).slots(64));
        }
        StreamWriter offers = node.publish(StreamSpec.of("candidates", DType.U8, 4096));
        try (Claim claim = offers.claim()) {
            ScriptedWorld.putText(claim, candidates);
            claim.commit(FrameNumber.of(node.incarnation(), 0), System.nanoTime());
        }
    }

    @Override
    public int doWork() {
        long frame = FrameNumber.of(node.incarnation(), counter);
        if (picture != null && pictureOf != null) {
            try (Claim claim = picture.claim()) {
                claim.payload().copyFrom(MemorySegment.ofArray(pictureOf.apply(counter)));
                claim.commit(frame, System.nanoTime());
            }
        }
        try (Claim claim = caption.claim()) {
            ScriptedWorld.putText(claim, captionOf.apply(counter));
            claim.commit(frame, System.nanoTime());
        }
        counter++;
        if (isHurried) {
            LockSupport.parkNanos(HURRIED_EVERY_NS);
        }
        return isHurried ? 1 : 0;
    }
}
