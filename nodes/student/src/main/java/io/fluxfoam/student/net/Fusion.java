package io.fluxfoam.student.net;

import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.relu;

import io.fluxfoam.distill.Width;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * Joins what was seen and what was heard: {@code [batch, 192]} and {@code [batch, 128]} to {@code
 * [batch, 256]}.
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
                        SoundTrunk.channels(width))
                .batchNorm("fusion", channels(width));
    }

    Tensor fuse(Tensor picture, Tensor sound, boolean training) {
        Tensor joined = cat(new TensorVector(picture, sound), 1);
        Tensor x = linear(joined, group.tensor("fusion"), Layers.optional(group, "fusion.bias"));
        return relu(Layers.batchNorm(group, "fusion", x, training));
    }
}
