package io.fluxfoam.student.net;

import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.relu;

import io.fluxfoam.distill.Width;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * Joins what was seen sharply, what was seen as a whole, and what was heard, to {@code [batch,
 * 256]}.
 */
final class Fusion {
    private static final long CHANNELS = 256;
    private static final double GAIN = 1.4;

    private final ParameterGroup group;

    Fusion(ParameterGroup group) {
        this.group = group;
    }

    /** Channels of the fused features. */
    static long channels(Width width) {
        return width.of(CHANNELS);
    }

    static void declare(ParameterGroup.Builder builder, Width width) {
        builder.joining(
                        "fusion",
                        GAIN,
                        channels(width),
                        PictureTrunk.pooled(width),
                        SightTrunk.channels(width),
                        SightTrunk.channels(width),
                        SoundTrunk.channels(width))
                .batchNorm("fusion", channels(width));
    }

    /**
     * Joins.
     *
     * @param sees 1 or 0 for each frame, {@code [batch, 1]}; 0: without what was seen
     * @param hears the same for what was heard
     */
    Tensor fuse(
            Encoding window,
            SightTrunk.Glance whole,
            Encoding sound,
            Tensor sees,
            Tensor hears,
            boolean training) {
        Tensor joined =
                cat(
                        new TensorVector(
                                window.pooled().mul(sees),
                                whole.largest().mul(sees),
                                whole.mean().mul(sees),
                                sound.pooled().mul(hears)),
                        1);
        Tensor x = linear(joined, group.tensor("fusion"), Layers.optional(group, "fusion.bias"));
        return relu(Layers.batchNorm(group, "fusion", x, training));
    }
}
