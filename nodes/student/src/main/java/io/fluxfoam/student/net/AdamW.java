package io.fluxfoam.student.net;

import static org.bytedeco.pytorch.global.torch.sqrt_out;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * AdamW over the flat blocks of a group, as a few operations of libtorch on whole blocks. A loop in
 * Java would be one pass instead of seven, but a student that was just started would run it
 * uncompiled for as long as other nodes need the CPU too.
 *
 * @param learningRate step size after the warm-up
 * @param weightDecay share of each value that a step takes away, times the learning rate
 * @param warmUpSteps updates of a group over which its learning rate grows linearly to the full one
 * @param viscosity how weights resist
 */
public record AdamW(double learningRate, double weightDecay, int warmUpSteps, Viscosity viscosity) {
    private static final double BETA1 = .9;
    private static final double BETA2 = .999;
    private static final double EPSILON = 1e-8;

    /** The settings of the packaged student. */
    public static final AdamW DEFAULT = new AdamW(2e-3, .01, 30);

    /** Of weights that do not resist. */
    public AdamW(double learningRate, double weightDecay, int warmUpSteps) {
        this(learningRate, weightDecay, warmUpSteps, Viscosity.OFF);
    }

    /**
     * Updates every value of the group once. Afterwards the gradients' block holds no gradients any
     * more.
     *
     * @param gradientScale factor on the gradients; less than 1 where they were clipped
     */
    void update(ParameterGroup group, double gradientScale) {
        long step = group.step() + 1;
        double rate = group.rate() * learningRate * Math.min(1, step / (double) warmUpSteps);
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Tensor gradients = group.flatGradients().mul_(new Scalar(gradientScale));
            Tensor means = group.flatFirstMoments().lerp_(gradients, new Scalar(1 - BETA1));
            Tensor squares =
                    group.flatSecondMoments()
                            .mul_(new Scalar(BETA2))
                            .addcmul_(gradients, gradients, new Scalar(1 - BETA2));
            // The gradients have done their part; the roots take their place.
            Tensor roots =
                    sqrt_out(gradients, squares)
                            .mul_(new Scalar(1 / Math.sqrt(1 - Math.pow(BETA2, step))))
                            .add_(new Scalar(EPSILON));
            double bias = 1 - Math.pow(BETA1, step);
            if (viscosity.isOn()) {
                viscosity.move(group, means.div(roots).div_(new Scalar(bias)), rate, weightDecay);
            } else {
                group.flatValues()
                        .mul_(new Scalar(1 - rate * weightDecay))
                        .addcdiv_(means, roots, new Scalar(-rate / bias));
            }
        }
        group.step(step);
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            group.average();
        }
    }

    /** Sum of the squares of all gradients of the group; not finite if one of them is not. */
    static double squaredNorm(ParameterGroup group) {
        try (var _ = new PointerScope()) {
            Tensor gradients = group.flatGradients();
            return gradients.dot(gradients).item_double();
        }
    }
}
