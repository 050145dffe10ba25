package io.fluxfoam.student.net;

import static org.bytedeco.pytorch.global.torch.adaptive_avg_pool1d;
import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.relu;
import static org.bytedeco.pytorch.global.torch.zeros;

import io.fluxfoam.distill.Width;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

import java.util.ArrayList;
import java.util.List;

/**
 * What the senses saw and heard goes through the layers of a language model, as tokens where its
 * words did; the mean of what comes out is what the whole of a frame is said from.
 *
 * <pre>
 *   window's columns  -> 20 tokens -+
 *   sight's columns   ->  6 tokens -+-> + position -> norm -> layers -> mean over the tokens -> a batch norm for each view
 *   sight as a whole  ->  1 token  -+
 *   sound's steps     -> 12 tokens -+
 * </pre>
 *
 * <p>A view gets its own tokens only. A row that was not looked at sharply has no window's tokens:
 * nobody looks at them, and they are not in the mean.
 */
final class LanguageCore implements Core {
    private static final int WINDOW_TOKENS = 20;
    private static final int SIGHT_TOKENS = 6;
    private static final int SOUND_TOKENS = 12;
    private static final int TOKENS = WINDOW_TOKENS + SIGHT_TOKENS + 1 + SOUND_TOKENS;
    private static final double GAIN = 1;
    private static final double NEVER = -1e4;

    private final TensorView trunk;
    private final TensorView weights;
    private final List<TransformerLayer> layers = new ArrayList<>();

    /**
     * The core over these parameters.
     *
     * @param trunk what {@link #declare} has declared
     * @param weights those of a {@link LanguageModel}
     */
    LanguageCore(TensorView trunk, TensorView weights, int layerCount) {
        this.trunk = trunk;
        this.weights = weights;
        for (int n = 0; n < layerCount; n++) {
            layers.add(new TransformerLayer(weights, n));
        }
    }

    /** Declares what makes tokens, and what comes behind the layers. */
    static void declare(ParameterGroup.Builder builder, Width width) {
        builder.joining("core.window", GAIN, LanguageModel.WIDTH, PictureTrunk.channels(width))
                .joining("core.sight", GAIN, LanguageModel.WIDTH, SightTrunk.channels(width))
                .joining(
                        "core.whole",
                        GAIN,
                        LanguageModel.WIDTH,
                        SightTrunk.channels(width),
                        SightTrunk.channels(width))
                .joining("core.sound", GAIN, LanguageModel.WIDTH, SoundTrunk.channels(width));
        View.declare(builder, LanguageModel.WIDTH);
    }

    @Override
    public List<Tensor> views(Senses senses, boolean training) {
        long batch = senses.whole().mean().size(0);
        Tensor window = upTo(batch, tokens("core.window", senses.window().grid(), WINDOW_TOKENS));
        Tensor sight = tokens("core.sight", senses.whole().grid(), SIGHT_TOKENS);
        Tensor whole = cat(new TensorVector(senses.whole().largest(), senses.whole().mean()), 1);
        Tensor one = map("core.whole", whole).unsqueeze(1);
        Tensor sound = tokens("core.sound", senses.sound().grid(), SOUND_TOKENS);
        Tensor all =
                TransformerLayer.norm(
                        weights,
                        "first",
                        cat(new TensorVector(window, sight, one, sound), 1)
                                .add(weights.tensor("positions").narrow(0, 0, TOKENS)));
        Tensor there = there(batch, senses.window().grid().size(0));
        List<Tensor> views = new ArrayList<>();
        int seen = TOKENS - SOUND_TOKENS;
        views.add(view(View.BOTH, all, there, 0, TOKENS, training));
        views.add(view(View.PICTURE, all, there, 0, seen, training));
        views.add(view(View.SOUND, all, there, seen, SOUND_TOKENS, training));
        return views;
    }

    private Tensor view(
            View view, Tensor all, Tensor there, long from, long count, boolean training) {
        Tensor own = there.narrow(1, from, count);
        Tensor mask = own.neg().add(new Scalar(1)).mul(new Scalar(NEVER)).unsqueeze(1).unsqueeze(1);
        Tensor x = all.narrow(1, from, count);
        for (TransformerLayer layer : layers) {
            x = layer.apply(x, mask);
        }
        Tensor counted = own.unsqueeze(2);
        Tensor mean = sum(x.mul(counted)).div(sum(counted));
        return relu(Layers.batchNorm(trunk, view.layer(), mean, training));
    }

    private static Tensor sum(Tensor x) {
        return x.sum(new long[] {1}, false, new ScalarTypeOptional());
    }

    /**
     * Steps of a grid {@code [batch, channels, steps]} as tokens {@code [batch, tokens, width]}.
     */
    private Tensor tokens(String layer, Tensor grid, long count) {
        return map(layer, adaptive_avg_pool1d(grid, count).transpose(1, 2));
    }

    private Tensor map(String layer, Tensor x) {
        return linear(x, trunk.tensor(layer), trunk.optional(layer + ".bias"));
    }

    /** 1 for each token that is there, {@code [batch, tokens]}. */
    private static Tensor there(long batch, long withWindow) {
        Tensor there = zeros(batch, TOKENS).add(new Scalar(1));
        if (withWindow < batch) {
            there.narrow(0, withWindow, batch - withWindow).narrow(1, 0, WINDOW_TOKENS).zero_();
        }
        return there;
    }

    private static Tensor upTo(long rows, Tensor tokens) {
        long missing = rows - tokens.size(0);
        return missing == 0
                ? tokens
                : cat(new TensorVector(tokens, zeros(missing, tokens.size(1), tokens.size(2))), 0);
    }
}
