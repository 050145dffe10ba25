package io.fluxfoam.student.net;

import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.relu;
import static org.bytedeco.pytorch.global.torch.zeros;
import static org.bytedeco.pytorch.global.torch.zeros_like;

import io.fluxfoam.distill.Width;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

import java.util.ArrayList;
import java.util.List;

/**
 * Joins what was seen sharply, what was seen as a whole, and what was heard, each pooled, in one
 * layer of 256.
 */
final class PooledCore implements Core {
    private static final long CHANNELS = 256;
    private static final double GAIN = 1.4;

    private final TensorView group;

    PooledCore(TensorView group) {
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
                SoundTrunk.channels(width));
        View.declare(builder, channels(width));
    }

    /** What a view is without is 0; so is the window of moments that were not looked at sharply. */
    @Override
    public List<Tensor> views(Senses senses, boolean training) {
        Tensor picture =
                cat(
                        new TensorVector(
                                upTo(senses.whole().mean().size(0), senses.window().pooled()),
                                senses.whole().largest(),
                                senses.whole().mean()),
                        1);
        Tensor sound = senses.sound().pooled();
        Tensor blind = zeros_like(picture);
        Tensor deaf = zeros_like(sound);
        Tensor joined =
                cat(
                        new TensorVector(
                                cat(new TensorVector(picture, sound), 1),
                                cat(new TensorVector(picture, deaf), 1),
                                cat(new TensorVector(blind, sound), 1)),
                        0);
        Tensor x = linear(joined, group.tensor("fusion"), group.optional("fusion.bias"));
        long batch = picture.size(0);
        List<Tensor> views = new ArrayList<>();
        for (View view : View.values()) {
            Tensor own = x.narrow(0, view.ordinal() * batch, batch);
            views.add(relu(Layers.batchNorm(group, view.layer(), own, training)));
        }
        if (training) {
            group.made("fusion", cat(new TensorVector(views.toArray(Tensor[]::new)), 0));
        }
        return views;
    }

    private static Tensor upTo(long rows, Tensor seen) {
        long missing = rows - seen.size(0);
        return missing == 0
                ? seen
                : cat(new TensorVector(seen, zeros(new long[] {missing, seen.size(1)})), 0);
    }
}
