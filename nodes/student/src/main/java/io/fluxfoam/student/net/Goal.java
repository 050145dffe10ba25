package io.fluxfoam.student.net;

import static org.bytedeco.pytorch.global.torch.cosine_similarity;
import static org.bytedeco.pytorch.global.torch.eye;
import static org.bytedeco.pytorch.global.torch.log_softmax;
import static org.bytedeco.pytorch.global.torch.matmul;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * The targets of one region in a batch, and how far a prediction is from them. Rows whose target is
 * absent count for nothing.
 *
 * @param target {@code [batch, length]}, absent rows 0
 * @param mask {@code [batch, 1]}, 1 where the target is present
 * @param share one by the number of targets that are present
 */
record Goal(Tensor target, Tensor mask, double share) {
    private static final double EPSILON = 1e-8;

    /** As in contrastive learning between pictures and texts, where it is learned, 10 to 100. */
    private static final double SHARPNESS = 10;

    /** Of two targets that are nearer than this no prediction has to tell which is its own. */
    private static final double SAME = .999;

    private static final double NEVER = -1e4;

    static Goal of(Batch.Targets targets) {
        return new Goal(targets.values(), targets.mask(), 1.0 / targets.present());
    }

    /** Mean squared error. */
    Tensor squares(Tensor prediction) {
        Tensor error = prediction.sub(target).mul(mask);
        return error.mul(error).sum().mul(new Scalar(share / target.size(1)));
    }

    /** Mean squared error less the mean cosine: -1 where every prediction is perfect. */
    Tensor distance(Tensor prediction) {
        Tensor cosine = cosine_similarity(prediction, target, 1, EPSILON).mul(mask.squeeze(1));
        return squares(prediction).sub(cosine.sum().mul(new Scalar(share)));
    }

    /**
     * Mean cross-entropy of telling by cosine which of the batch's targets is the prediction's own,
     * 0 where each is certain (InfoNCE; van den Oord et al., arXiv 1807.03748). Equal targets, such
     * as two frames of one sentence, are not held against each other.
     */
    Tensor confusion(Tensor prediction) {
        Tensor targets = unit(target);
        Tensor same = matmul(targets, targets.t()).gt(new Scalar(SAME)).to(target.scalar_type());
        Tensor diagonal = eye(target.size(0));
        // A column counts if its target is present and is not the same as the row's own.
        Tensor others = mask.t().mul(same.neg().add(new Scalar(1)));
        Tensor counts = others.add(diagonal);
        Tensor cosines = matmul(unit(prediction), targets.t()).mul(new Scalar(SHARPNESS));
        Tensor logits = cosines.add(counts.neg().add(new Scalar(1)).mul(new Scalar(NEVER)));
        Tensor certainty = log_softmax(logits, 1).mul(diagonal).mul(mask).sum();
        return certainty.mul(new Scalar(-share));
    }

    private static Tensor unit(Tensor rows) {
        Tensor norm = rows.norm(new ScalarOptional(new Scalar(2)), new long[] {1}, true);
        return rows.div(norm.add(new Scalar(EPSILON)));
    }
}
