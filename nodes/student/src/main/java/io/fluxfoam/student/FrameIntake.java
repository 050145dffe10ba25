package io.fluxfoam.student;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.LoopStreams;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.student.replay.MomentAssembler;

import java.util.Arrays;
import java.util.function.LongUnaryOperator;

/** Reads a sensor's pictures and sounds, in their order, into an assembler. */
final class FrameIntake {
    private static final int FRAMES_PER_TURN = 4;

    private final String sensor;
    private final Subscription pictures;
    private final Subscription sounds;

    FrameIntake(Node node, String sensor) {
        this.sensor = sensor;
        pictures = node.subscribe(LoopStreams.of(sensor, LoopStreams.PICTURE), ReadMode.IN_ORDER);
        sounds = node.subscribe(LoopStreams.of(sensor, LoopStreams.SOUND), ReadMode.IN_ORDER);
    }

    /**
     * Reads a few of both; returns how many.
     *
     * @throws IllegalArgumentException if a frame has another shape
     */
    int read(FrameShape shape, MomentAssembler assembler, long nowNs) {
        int count = 0;
        for (int i = 0; i < FRAMES_PER_TURN; i++) {
            int before = count;
            count += picture(shape, assembler, _ -> nowNs);
            count += sound(shape, assembler, _ -> nowNs);
            if (count == before) {
                break;
            }
        }
        return count;
    }

    /**
     * Reads a picture, if there is one.
     *
     * @param clockNs what time it is, by the capture time of what is read
     */
    int picture(FrameShape shape, MomentAssembler assembler, LongUnaryOperator clockNs) {
        try (Lease lease = pictures.poll()) {
            if (lease != null) {
                require(lease, LoopStreams.PICTURE, shape.pictureShape());
                assembler.picture(
                        lease.frameNumber(),
                        lease.captureNs(),
                        lease.payload(),
                        clockNs.applyAsLong(lease.captureNs()));
            }
            return lease == null ? 0 : 1;
        }
    }

    /** Reads a sound, if there is one. */
    int sound(FrameShape shape, MomentAssembler assembler, LongUnaryOperator clockNs) {
        try (Lease lease = sounds.poll()) {
            if (lease != null) {
                require(lease, LoopStreams.SOUND, shape.soundShape());
                assembler.sound(
                        lease.frameNumber(),
                        lease.captureNs(),
                        lease.payload(),
                        clockNs.applyAsLong(lease.captureNs()));
            }
            return lease == null ? 0 : 1;
        }
    }

    /**
     * A sensor that came back with frames of another shape ends who reads it: its next life, which
     * knows the new shape, begins with an empty replay.
     */
    private void require(Lease lease, String stream, long... wanted) {
        long[] shape = new long[lease.rank()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = lease.dim(i);
        }
        if (!Arrays.equals(shape, wanted)) {
            throw new IllegalArgumentException(
                    "frames of another shape than this student began with: stream="
                            + LoopStreams.of(sensor, stream)
                            + " shape="
                            + Arrays.toString(shape)
                            + " wanted="
                            + Arrays.toString(wanted));
        }
    }
}
