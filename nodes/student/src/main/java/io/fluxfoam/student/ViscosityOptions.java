package io.fluxfoam.student;

import io.fluxfoam.student.net.Viscosity;

import picocli.CommandLine.Option;

import java.util.Locale;

/** Whether and how a student's weights resist. */
public final class ViscosityOptions {
    @Option(
            names = "--viscosity",
            paramLabel = "RULE",
            defaultValue = "off",
            description =
                    "How weights resist being pushed back: off (plain AdamW), literal, or v2 (default:"
                            + " ${DEFAULT-VALUE}).")
    private Viscosity.Mode mode = Viscosity.Mode.OFF;

    @Option(
            names = "--viscosity-resistance",
            paramLabel = "R",
            description = "How much (default: 30 for v2, 1 for literal).")
    private Double resistance;

    @Option(
            names = "--viscosity-gain",
            paramLabel = "X",
            defaultValue = "0.002",
            description =
                    "What a full step adds to a weight's memory of its direction, v2 (default:"
                            + " ${DEFAULT-VALUE}).")
    private double gain = .002;

    @Option(
            names = "--viscosity-capacity",
            paramLabel = "X",
            defaultValue = "10",
            description = "Most that such a memory holds, literal (default: ${DEFAULT-VALUE}).")
    private double capacity = 10;

    @Option(
            names = "--temperature",
            description = "With --viscosity: weights that are not pushed grow cold and move less.")
    private boolean temperature;

    /** Off. */
    public ViscosityOptions() {}

    ViscosityOptions(Viscosity.Mode mode, boolean temperature) {
        this.mode = mode;
        this.temperature = temperature;
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException with the offending one
     */
    void conclude() {
        require(resistance == null || resistance >= 0, "viscosity-resistance=" + resistance);
        require(gain > 0 && gain <= 1, "viscosity-gain=" + gain + " not in (0, 1]:");
        require(capacity > 0, "viscosity-capacity=" + capacity);
        if (temperature && mode == Viscosity.Mode.OFF) {
            throw new IllegalArgumentException("temperature needs viscosity=literal or v2");
        }
    }

    private static void require(boolean condition, String wrong) {
        if (!condition) {
            throw new IllegalArgumentException(wrong + " is out of range");
        }
    }

    /** What a checkpoint of weights that resist must be of; empty if they do not. */
    String identity() {
        return mode == Viscosity.Mode.OFF
                ? ""
                : " viscosity="
                        + mode.name().toLowerCase(Locale.ROOT)
                        + (temperature ? " temperature" : "");
    }

    Viscosity viscosity() {
        return switch (mode) {
            case OFF -> Viscosity.OFF;
            case LITERAL ->
                    Viscosity.literal(resistance == null ? 1 : resistance, capacity, temperature);
            case V2 -> Viscosity.v2(resistance == null ? 30 : resistance, gain, temperature);
        };
    }
}
