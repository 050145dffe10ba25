package io.fluxfoam.student.net;

import static org.bytedeco.pytorch.global.torch.amax;
import static org.bytedeco.pytorch.global.torch.matmul;

import io.fluxfoam.distill.Width;

import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * Takes in a picture as a whole: {@code [batch, 3, rows, columns]} goes through four convolutions
 * to an eighth of its sides; what remains is the mean of each channel in each column, and the
 * largest and the mean of it wherever in the picture it was.
 */
final class SightTrunk {
    private static final long CHANNELS = 128;
    private static final long[] HALF = {2, 2};
    private static final long[] SAME = {1, 1};
    private static final long[] SIDES = {2, 3};
    private static final long[] ROWS = {2};

    private final TensorView group;

    SightTrunk(TensorView group) {
        this.group = group;
    }

    /** Channels of its grid, and of what it pools, either way. */
    static long channels(Width width) {
        return width.of(CHANNELS);
    }

    static void declare(ParameterGroup.Builder builder, Width width) {
        builder.convolution("sight.1", width.of(24), InputShape.COLOURS, 5, 5)
                .convolution("sight.2", width.of(64), width.of(24), 3, 3)
                .convolution("sight.3", channels(width), width.of(64), 3, 3)
                .convolution("sight.4", channels(width), channels(width), 3, 3);
    }

    /**
     * What was seen.
     *
     * @param grid features in place, {@code [batch, channels, columns]}: the mean over the rows, at
     *     the picture's own columns, however it was looked at
     * @param largest of each channel, {@code [batch, channels]}
     * @param mean of each channel, {@code [batch, channels]}
     */
    record Glance(Tensor grid, Tensor largest, Tensor mean) {}

    /**
     * Looks at pictures.
     *
     * @param columns {@code [batch, columns, columns]}: how those of the sight make the picture's
     */
    Glance encode(Tensor picture, Tensor columns, boolean training) {
        Tensor x = Layers.block(group, "sight.1", picture, HALF, new long[] {2, 2}, training);
        x = Layers.block(group, "sight.2", x, HALF, SAME, training);
        x = Layers.block(group, "sight.3", x, HALF, SAME, training);
        Tensor more = Layers.normed(group, "sight.4", x, SAME, SAME, training).add(x);
        x = Layers.active(group, "sight.4", more, training);
        return new Glance(matmul(mean(x, ROWS), columns), amax(x, SIDES, false), mean(x, SIDES));
    }

    private static Tensor mean(Tensor x, long[] axes) {
        return x.mean(axes, false, new ScalarTypeOptional());
    }
}
