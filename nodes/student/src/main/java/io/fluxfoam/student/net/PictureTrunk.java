package io.fluxfoam.student.net;

import static org.bytedeco.pytorch.global.torch.amax;

import io.fluxfoam.distill.Width;

import org.bytedeco.pytorch.Tensor;

/**
 * Sees sharply. A window of a picture {@code [batch, 1, rows, columns]} goes through four
 * convolutions, the largest over the rows is kept, and columns of 8 pixels remain.
 */
final class PictureTrunk {
    private static final long CHANNELS = 96;
    private static final long POOLED = 192;
    private final TensorView group;

    PictureTrunk(TensorView group) {
        this.group = group;
    }

    /** Channels of its grid. */
    static long channels(Width width) {
        return width.of(CHANNELS);
    }

    /** Channels of what it pools. */
    static long pooled(Width width) {
        return width.of(POOLED);
    }

    static void declare(ParameterGroup.Builder builder, Width width) {
        builder.convolution("picture.1", width.of(24), 1, 8, 8)
                .convolution("picture.2", width.of(48), width.of(24), 3, 3)
                .convolution("picture.3", width.of(72), width.of(48), 3, 3)
                .convolution("picture.4", channels(width), width.of(72), 3, 3)
                .convolution("picture.5", channels(width), channels(width), 5)
                .convolution("picture.pool", pooled(width), channels(width), 9);
    }

    Encoding encode(Tensor window, boolean training) {
        Tensor x =
                Layers.block(
                        group, "picture.1", window, new long[] {4, 4}, new long[] {2, 2}, training);
        x = Layers.block(group, "picture.2", x, new long[] {2, 1}, new long[] {1, 1}, training);
        x = Layers.block(group, "picture.3", x, new long[] {2, 2}, new long[] {1, 1}, training);
        x = Layers.block(group, "picture.4", x, new long[] {1, 1}, new long[] {1, 1}, training);
        x = Layers.block(group, "picture.5", amax(x, new long[] {2}, false), 1, 2, training);
        Tensor pooled =
                amax(Layers.block(group, "picture.pool", x, 1, 4, training), new long[] {2}, false);
        return new Encoding(x, pooled);
    }
}
