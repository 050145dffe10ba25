package io.fluxfoam.learn;

import io.fluxfoam.student.net.PixelNet;
import io.fluxfoam.student.net.UnitRenewal;

import java.lang.foreign.Arena;

/** Continual backprop: the least useful units begin anew, as the student's own do. */
final class RenewedUnits extends WeightBrake {
    private static final int MATURE_STEPS = 100;
    private static final double RATE = 1e-4;

    private final UnitRenewal renewal;

    RenewedUnits(PixelNet net, double strength, long seed) {
        UnitRenewal.Settings settings = new UnitRenewal.Settings(strength * RATE, MATURE_STEPS);
        renewal = net.renewal(Arena.ofAuto(), settings, seed + 4);
    }

    @Override
    void afterUpdate() {
        renewal.stepped();
    }

    /** How many units began anew. */
    long renewed() {
        return renewal.renewed();
    }

    @Override
    long bytes() {
        return renewal.state().byteSize();
    }
}
