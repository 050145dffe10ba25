package io.fluxfoam.student.net;

import static org.bytedeco.pytorch.global.torch.gelu;
import static org.bytedeco.pytorch.global.torch.layer_norm;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.matmul;
import static org.bytedeco.pytorch.global.torch.softmax;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * One layer of a BERT (Devlin et al., NAACL 2019): attention over the tokens of a row, then each
 * token by itself; after both the sum with what came in is normalised.
 */
final class TransformerLayer {
    private static final double EPSILON = 1e-12;

    private final TensorView weights;
    private final String prefix;

    /** Layer {@code number} of these weights, which have the names of {@link LanguageModel}. */
    TransformerLayer(TensorView weights, int number) {
        this.weights = weights;
        prefix = number + ".";
    }

    /**
     * Applies the layer.
     *
     * @param x {@code [batch, tokens, width]}
     * @param mask {@code [batch, 1, 1, tokens]}, added to the scores: 0, or far below it where a
     *     token is not to be looked at
     */
    Tensor apply(Tensor x, Tensor mask) {
        Tensor attended = norm(weights, prefix + "attended", attention(x, mask).add(x));
        Tensor inner = gelu(map("inner", attended));
        return norm(weights, prefix + "done", map("outer", inner).add(attended));
    }

    private Tensor attention(Tensor x, Tensor mask) {
        Tensor query = heads(map("query", x));
        Tensor key = heads(map("key", x));
        Tensor value = heads(map("value", x));
        double scale = 1 / Math.sqrt((double) LanguageModel.WIDTH / LanguageModel.HEADS);
        Tensor scores = matmul(query, key.transpose(2, 3)).mul(new Scalar(scale)).add(mask);
        Tensor seen = matmul(softmax(scores, 3), value);
        return map("joined", seen.transpose(1, 2).flatten(2, 3));
    }

    /** {@code [batch, heads, tokens, width / heads]}. */
    private static Tensor heads(Tensor x) {
        long each = LanguageModel.WIDTH / LanguageModel.HEADS;
        return x.reshape(x.size(0), x.size(1), LanguageModel.HEADS, each).transpose(1, 2);
    }

    private Tensor map(String name, Tensor x) {
        return linear(x, weights.tensor(prefix + name), weights.optional(prefix + name + ".bias"));
    }

    /** Normalises each token by itself. */
    static Tensor norm(TensorView weights, String name, Tensor x) {
        return layer_norm(
                x,
                new long[] {LanguageModel.WIDTH},
                weights.optional(name + ".gain"),
                weights.optional(name + ".bias"),
                EPSILON,
                false);
    }
}
