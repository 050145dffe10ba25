package io.fluxfoam.student.net;

import static org.bytedeco.pytorch.global.torch.amax;

import io.fluxfoam.distill.Width;

import org.bytedeco.pytorch.Tensor;

/**
 * Hears. The energies of 40 bands {@code [batch, bands, steps]}, every 10 ms, go through four
 * convolutions to steps of 80 ms, 23 of 2.56 s.
 */
final class SoundTrunk {
    private static final long CHANNELS = 128;

    /** Of fewer the last convolution would leave nothing; so it reads beyond their ends. */
    private static final long FULL_STEPS = 16;

    private final TensorView group;

    SoundTrunk(TensorView group) {
        this.group = group;
    }

    /** Channels of its grid, and of what it pools. */
    static long channels(Width width) {
        return width.of(CHANNELS);
    }

    static void declare(ParameterGroup.Builder builder, Width width) {
        builder.batchNorm("sound.log", InputShape.BANDS)
                .convolution("sound.1", width.of(48), InputShape.BANDS, 5)
                .convolution("sound.2", width.of(64), width.of(48), 5)
                .convolution("sound.3", width.of(80), width.of(64), 5)
                .convolution("sound.4", channels(width), width.of(80), 10)
                .convolution("sound.pool", channels(width), channels(width), 5);
    }

    Encoding encode(Tensor energies, boolean training) {
        Tensor x = Layers.batchNorm(group, "sound.log", energies, training);
        x = Layers.block(group, "sound.1", x, 2, 2, training);
        x = Layers.block(group, "sound.2", x, 2, 2, training);
        x = Layers.block(group, "sound.3", x, 2, 2, training);
        x = Layers.block(group, "sound.4", x, 1, x.size(2) < FULL_STEPS ? 4 : 0, training);
        Tensor pooled =
                amax(Layers.block(group, "sound.pool", x, 1, 2, training), new long[] {2}, false);
        return new Encoding(x, pooled);
    }
}
