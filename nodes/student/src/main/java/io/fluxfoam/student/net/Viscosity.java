package io.fluxfoam.student.net;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Makes weights resist: each remembers how far it was pushed up and how far down, and a push
 * against what it remembers moves it less. With AdamW's step {@code u}, clipped to [-1, 1], its
 * sign {@code s} and size {@code a}, and the memories {@code A} of both directions:
 *
 * <pre>
 *   opposite = A[-s]; same = A[s]
 *   w       += rate * fluidity / (1 + resistance * opposite) * (u - decay * w)
 *   A[-s]    = opposite - min(opposite, transfer * a)
 *   A[s]     = min(capacity, same + min(opposite, transfer * a) + gain * a)
 *   T        = (T + heat * (1 - T) * max(0, a - threshold)) * (1 - cooling)
 *   fluidity = least + (1 - least) * T            with temperature, else 1
 * </pre>
 *
 * <p>The literal rule gains only while the opposite memory is empty, that is while pushes keep
 * their sign, and gives all of it back at once. Gains and biases have a temperature but no memory.
 *
 * @param mode which rule
 * @param resistance factor on the memory of the opposite direction
 * @param gain what a full step adds to the memory of its direction
 * @param transfer what a full step moves from the opposite memory to its own
 * @param capacity most that a memory holds
 * @param temperature whether weights that are not pushed grow cold
 */
public record Viscosity(
        Mode mode,
        double resistance,
        double gain,
        double transfer,
        double capacity,
        boolean temperature) {
    private static final double HEAT = .01;
    private static final double THRESHOLD = .4;
    private static final double COOLING = 1e-4;
    private static final double LEAST_FLUIDITY = .01;

    /** Rules. */
    public enum Mode {
        /** Plain AdamW. */
        OFF,
        /** Memory of the newest run of pushes alone. */
        LITERAL,
        /** Every push consolidates. */
        V2
    }

    /** Plain AdamW. */
    public static final Viscosity OFF = new Viscosity(Mode.OFF, 0, 0, 0, 0, false);

    /** The literal rule. */
    public static Viscosity literal(double resistance, double capacity, boolean temperature) {
        return new Viscosity(Mode.LITERAL, resistance, 1, 1, capacity, temperature);
    }

    /**
     * The corrected rule; moves memory to the other side at .3 of the pace that it is gained at.
     */
    public static Viscosity v2(double resistance, double gain, boolean temperature) {
        return new Viscosity(Mode.V2, resistance, gain, .3 * gain, 1, temperature);
    }

    /** Whether weights resist at all. */
    public boolean isOn() {
        return mode != Mode.OFF;
    }

    /**
     * Moves a group's values.
     *
     * @param pull AdamW's normalised step, to be taken away from the values; used up
     */
    void move(ParameterGroup group, Tensor pull, double rate, double decay) {
        ParameterGroup.Friction friction = group.friction();
        Tensor push = pull.neg().clamp_min_(new Scalar(-1)).clamp_max_(new Scalar(1));
        Tensor size = push.abs();
        Tensor up = push.gt(new Scalar(0));
        Tensor opposite = friction.down().where(up, friction.up());
        Tensor same = friction.up().where(up, friction.down());
        Tensor values = group.flatValues();
        Tensor step = push.add(values, new Scalar(-decay));
        Tensor drag =
                opposite.mul(friction.matrices()).mul_(new Scalar(resistance)).add_(new Scalar(1));
        step.div_(drag);
        if (temperature) {
            step.mul_(
                    friction.temperature()
                            .mul(new Scalar(1 - LEAST_FLUIDITY))
                            .add_(new Scalar(LEAST_FLUIDITY)));
        }
        values.add_(step, new Scalar(rate));
        remember(friction, size, up, opposite, same);
        if (temperature) {
            Tensor heat = size.sub(new Scalar(THRESHOLD)).clamp_min_(new Scalar(0));
            Tensor cold = friction.temperature().neg().add_(new Scalar(1));
            friction.temperature()
                    .addcmul_(cold, heat, new Scalar(HEAT))
                    .mul_(new Scalar(1 - COOLING));
        }
    }

    private void remember(
            ParameterGroup.Friction friction,
            Tensor size,
            Tensor up,
            Tensor opposite,
            Tensor same) {
        Tensor moved = size.mul(new Scalar(transfer)).minimum(opposite);
        Tensor gained = size.mul(new Scalar(gain));
        if (mode == Mode.LITERAL) {
            gained.mul_(opposite.le(new Scalar(0)));
        }
        Tensor less = opposite.sub(moved);
        Tensor more = same.add(moved).add_(gained).clamp_max_(new Scalar(capacity));
        friction.up().copy_(more.where(up, less));
        friction.down().copy_(less.where(up, more));
    }
}
