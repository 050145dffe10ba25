package io.fluxfoam.student.net;

import static org.bytedeco.pytorch.global.torch.amax;

import org.bytedeco.pytorch.Tensor;

/**
 * Sees. A band of a picture {@code [batch, 1, 48, 320]} goes through four convolutions, the largest
 * over the rows is kept, and 40 columns of 8 pixels remain.
 */
final class PictureTrunk {
    static final long CHANNELS = 96;
    static final long POOLED = 192;
    static final long STEPS = 40;

    private final ParameterGroup group;

    PictureTrunk(ParameterGroup group) {
        this.group = group;
    }

    static void declare(ParameterGroup.Builder builder) {
        builder.convolution("picture.1", 24, 1, 8, 8)
                .convolution("picture.2", 48, 24, 3, 3)
                .convolution("picture.3", 72, 48, 3, 3)
                .convolution("picture.4", CHANNELS, 72, 3, 3)
                .convolution("picture.5", CHANNELS, CHANNELS, 5)
                .convolution("picture.pool", POOLED, CHANNELS, 9);
    }

    Encoding encode(Tensor band, boolean training) {
        Tensor x =
                Layers.block(
                        group, "picture.1", band, new long[] {4, 4}, new long[] {2, 2}, training);
        x = Layers.block(group, "picture.2", x, new long[] {2, 1}, new long[] {1, 1}, training);
        x = Layers.block(group, "picture.3", x, new long[] {2, 2}, new long[] {1, 1}, training);
        x = Layers.block(group, "picture.4", x, new long[] {1, 1}, new long[] {1, 1}, training);
        x = Layers.block(group, "picture.5", amax(x, new long[] {2}, false), 1, 2, training);
        Tensor pooled =
                amax(Layers.block(group, "picture.pool", x, 1, 4, training), new long[] {2}, false);
        return new Encoding(x, pooled);
    }
}
