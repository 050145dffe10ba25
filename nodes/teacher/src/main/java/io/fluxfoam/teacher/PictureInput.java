package io.fluxfoam.teacher;

import io.fluxfoam.teacher.PictureEncoder.Channels;
import io.fluxfoam.teacher.PictureEncoder.Layout;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** Pictures of any size for a network that wants one size. */
record PictureInput(PictureEncoder encoder, Layout layout, Channels channels, int height, int width)
        implements SampleEncoder {
    private static final int NOISE_SIDE = 64;

    @Override
    public Sense sense() {
        return Sense.PICTURE;
    }

    @Override
    public long[] shape() {
        return layout == Layout.NCHW
                ? new long[] {1, channels.count(), height, width}
                : new long[] {1, height, width, channels.count()};
    }

    @Override
    public void encode(Sample sample, MemorySegment target) {
        sample.require(Sense.PICTURE, TensorSpec.ANY, TensorSpec.ANY, 3);
        int rows = Math.toIntExact(sample.shape()[0]);
        int columns = Math.toIntExact(sample.shape()[1]);
        encoder.encode(sample.payload(), columns, 0, rows, target, height, width);
    }

    @Override
    public void encodeNoise(MemorySegment target) {
        byte[] noise = new byte[NOISE_SIDE * NOISE_SIDE * 3];
        new Random(0).nextBytes(noise);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment payload = arena.allocateFrom(ValueLayout.JAVA_BYTE, noise);
            encode(new Sample(payload, NOISE_SIDE, NOISE_SIDE, 3), target);
        }
    }
}
