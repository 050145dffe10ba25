package io.fluxfoam.learn;

import io.fluxfoam.student.net.Viscosity;

import java.util.List;
import java.util.function.Consumer;

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
        return changed(draft -> draft.name = other);
    }

    ArmPlan with(Memory other) {
        return changed(draft -> draft.memory = other);
    }

    ArmPlan balanced(boolean keepsFewerAlike) {
        return changed(draft -> draft.isBalanced = keepsFewerAlike);
    }

    ArmPlan withBits(int ofPixel) {
        return changed(draft -> draft.bits = ofPixel);
    }

    ArmPlan askingAll() {
        return changed(draft -> draft.asks = Asks.ALL);
    }

    ArmPlan askingPresent() {
        return changed(draft -> draft.asks = Asks.PRESENT);
    }

    ArmPlan askingShifted() {
        return changed(draft -> draft.asks = Asks.SHIFTED);
    }

    ArmPlan with(Viscosity other) {
        return changed(draft -> draft.viscosity = other);
    }

    ArmPlan placebo() {
        return changed(draft -> draft.isPlacebo = true);
    }

    ArmPlan keepingOwn(Double... grid) {
        return changed(draft -> {
            draft.keepsOwn = true;
            draft.strengths = List.of(grid);
        });
    }

    ArmPlan with(Brake other, Double... grid) {
        return changed(draft -> {
            draft.brake = other;
            draft.strengths = List.of(grid);
        });
    }

    private ArmPlan changed(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.plan();
    }

    /** A plan that is being changed. */
    private static final class Draft {
        private String name;
        private Memory memory;
        private boolean isBalanced;
        private int bits;
        private boolean keepsOwn;
        private Asks asks;
        private Brake brake;
        private Viscosity viscosity;
        private boolean isPlacebo;
        private List<Double> strengths;

        private Draft(ArmPlan plan) {
            name = plan.name;
            memory = plan.memory;
            isBalanced = plan.isBalanced;
            bits = plan.bits;
            keepsOwn = plan.keepsOwn;
            asks = plan.asks;
            brake = plan.brake;
            viscosity = plan.viscosity;
            isPlacebo = plan.isPlacebo;
            strengths = plan.strengths;
        }

        private ArmPlan plan() {
            return new ArmPlan(
                    name,
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
    }
}
