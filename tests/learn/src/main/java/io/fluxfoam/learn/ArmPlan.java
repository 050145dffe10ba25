package io.fluxfoam.learn;

import io.fluxfoam.student.net.Viscosity;

import java.util.List;

/**
 * A defence against forgetting, or against growing stiff, and the grid that its settings are chosen
 * from.
 *
 * @param name as it is asked for
 * @param memory what it may look at again
 * @param isBalanced whether of what says nearly the same fewer are kept
 * @param bits of a kept pixel
 * @param keepsOwn whether the student is to say of what is kept what it said when it came, as in
 *     DER++ (Buzzega et al., 2020)
 * @param asks which outputs the newest moments are asked for
 * @param brake what holds weights back
 * @param viscosity of the optimizer
 * @param isPlacebo whether targets are shuffled: what is learned from them is nothing
 * @param strengths grid of the setting that only some arms have; one value if it has none
 */
record ArmPlan(
        String name,
        Memory memory,
        boolean isBalanced,
        int bits,
        boolean keepsOwn,
        Asks asks,
        Brake brake,
        Viscosity viscosity,
        boolean isPlacebo,
        List<Double> strengths) {
    /** What an arm may look at again. */
    enum Memory {
        NONE,
        /** A reservoir. */
        KEPT,
        /** Everything, also what has not come yet. */
        ALL
    }

    /** Which outputs take part where the newest moments are learned. */
    enum Asks {
        ALL,
        /**
         * Those of which the teachers that are there say anything: ER-ACE (Caccia et al., 2022).
         */
        PRESENT,
        /**
         * All, but each is shifted by how often it was said lately, kept moments too: logit
         * adjustment (Menon et al., 2021). What is said seldom is then not unlearned by what is
         * said often.
         */
        SHIFTED
    }

    /** What holds weights back, or up. */
    enum Brake {
        NONE,
        /** Elastic weight consolidation (Kirkpatrick et al., 2017), told when a teacher leaves. */
        EWC,
        /** Synaptic intelligence (Zenke, Poole, Ganguli 2017), told when a teacher leaves. */
        SI,
        /** Continual backprop (Dohare et al., 2024): the least useful units begin anew. */
        RENEWAL,
        /** Shrink and perturb (Ash and Adams, 2020), a little at each step. */
        SHRINK
    }

    private static final List<Double> ONE = List.of(1.0);

    /** Plain AdamW. */
    static ArmPlan of(String name) {
        return new ArmPlan(
                name,
                Memory.NONE,
                false,
                Byte.SIZE,
                false,
                Asks.ALL,
                Brake.NONE,
                Viscosity.OFF,
                false,
                ONE);
    }

    ArmPlan named(String other) {
        return new ArmPlan(
                other,
                memory,
                isBalanced,
                bits,
                keepsOwn,
                asks,
                brake,
                viscosity,
                isPlacebo,
                strengths);
    }

    ArmPlan askingAll() {
        return new ArmPlan(
                name,
                memory,
                isBalanced,
                bits,
                keepsOwn,
                Asks.ALL,
                brake,
                viscosity,
                isPlacebo,
                strengths);
    }

    ArmPlan with(Memory other) {
        return new ArmPlan(
                name,
                other,
                isBalanced,
                bits,
                keepsOwn,
                asks,
                brake,
                viscosity,
                isPlacebo,
                strengths);
    }

    ArmPlan balanced(boolean keepsFewerAlike) {
        return new ArmPlan(
                name,
                memory,
                keepsFewerAlike,
                bits,
                keepsOwn,
                asks,
                brake,
                viscosity,
                isPlacebo,
                strengths);
    }

    ArmPlan withBits(int ofPixel) {
        return new ArmPlan(
                name,
                memory,
                isBalanced,
                ofPixel,
                keepsOwn,
                asks,
                brake,
                viscosity,
                isPlacebo,
                strengths);
    }

    ArmPlan keepingOwn(Double... grid) {
        return new ArmPlan(
                name,
                memory,
                isBalanced,
                bits,
                true,
                asks,
                brake,
                viscosity,
                isPlacebo,
                List.of(grid));
    }

    ArmPlan askingPresent() {
        return new ArmPlan(
                name,
                memory,
                isBalanced,
                bits,
                keepsOwn,
                Asks.PRESENT,
                brake,
                viscosity,
                isPlacebo,
                strengths);
    }

    ArmPlan askingShifted() {
        return new ArmPlan(
                name,
                memory,
                isBalanced,
                bits,
                keepsOwn,
                Asks.SHIFTED,
                brake,
                viscosity,
                isPlacebo,
                strengths);
    }

    ArmPlan with(Brake other, Double... grid) {
        return new ArmPlan(
                name,
                memory,
                isBalanced,
                bits,
                keepsOwn,
                asks,
                other,
                viscosity,
                isPlacebo,
                List.of(grid));
    }

    ArmPlan with(Viscosity other) {
        return new ArmPlan(
                name, memory, isBalanced, bits, keepsOwn, asks, brake, other, isPlacebo, strengths);
    }

    ArmPlan placebo() {
        return new ArmPlan(
                name, memory, isBalanced, bits, keepsOwn, asks, brake, viscosity, true, strengths);
    }
}
