package io.fluxfoam.student.net;

import static org.bytedeco.pytorch.global.torch.batch_norm;
import static org.bytedeco.pytorch.global.torch.conv1d;
import static org.bytedeco.pytorch.global.torch.conv2d;
import static org.bytedeco.pytorch.global.torch.relu;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/** The layers of the network, each applied to parameters of a group by the layer's name. */
final class Layers {
    private static final double RUNNING_SHARE = .05;
    private static final double EPSILON = 1e-5;
    private static final long[] ONE = {1};
    private static final long[] ONE_ONE = {1, 1};
    private static final long[] ZERO = {0};

    private Layers() {}

    static Tensor batchNorm(TensorView group, String layer, Tensor x, boolean training) {
        return batch_norm(
                x,
                group.optional(layer + ".gain"),
                group.optional(layer + ".shift"),
                group.optional(layer + ".mean"),
                group.optional(layer + ".variance"),
                training,
                RUNNING_SHARE,
                EPSILON,
                false);
    }

    /** Convolution over time or columns, batch normalisation, ReLU. */
    static Tensor block(
            TensorView group, String layer, Tensor x, long stride, long padding, boolean training) {
        Tensor y =
                conv1d(
                        x,
                        group.tensor(layer),
                        new TensorOptional(),
                        new long[] {stride},
                        new long[] {padding},
                        ONE,
                        1);
        return active(group, layer, batchNorm(group, layer, y, training), training);
    }

    /** ReLU; what comes of it are the layer's units. */
    static Tensor active(TensorView group, String layer, Tensor x, boolean training) {
        Tensor y = relu(x);
        if (training) {
            group.made(layer, y);
        }
        return y;
    }

    /** Convolution over a picture, batch normalisation, ReLU. */
    static Tensor block(
            TensorView group,
            String layer,
            Tensor x,
            long[] stride,
            long[] padding,
            boolean training) {
        return active(group, layer, normed(group, layer, x, stride, padding, training), training);
    }

    /** Convolution over a picture, batch normalisation. */
    static Tensor normed(
            TensorView group,
            String layer,
            Tensor x,
            long[] stride,
            long[] padding,
            boolean training) {
        Tensor y =
                conv2d(x, group.tensor(layer), new TensorOptional(), stride, padding, ONE_ONE, 1);
        return batchNorm(group, layer, y, training);
    }

    /** The same linear map at every step of a grid {@code [batch, channels, steps]}. */
    static Tensor pointwise(TensorView group, String layer, Tensor x) {
        Tensor kernel = group.tensor(layer).unsqueeze(2);
        return conv1d(x, kernel, group.optional(layer + ".bias"), ONE, ZERO, ONE, 1);
    }
}
