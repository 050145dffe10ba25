package io.fluxfoam.cli;

import io.fluxfoam.distill.Width;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How the loop's student is: the options of {@code up} that it is started with. */
final class StudentOptions {
    private static final int MOST_CORE_LAYERS = 12;
    private static final int MOST_MOMENTS = 1_000_000;
    private static final double MOST_RENEWAL = .01;

    @Option(
            names = "--width",
            paramLabel = "X",
            converter = WidthConverter.class,
            description =
                    "Width of a student that begins anew, as a share of the packaged one's, in steps of"
                            + " 0.125 (default: the student's).")
    private Width width;

    @Option(
            names = "--grow-to",
            paramLabel = "X",
            converter = WidthConverter.class,
            description =
                    "Width up to which the student grows when it is too small (default: it does not).")
    private Width growTo;

    @Option(
            names = "--snapshot",
            paramLabel = "FILE",
            description =
                    "What a student begins with that begins anew: a file that ./foam snapshot has"
                            + " made.")
    private Path snapshot;

    @Option(
            names = "--core",
            paramLabel = "KIND",
            description =
                    "The student's core: pooled, or language, seeded with the layers of the language"
                            + " teacher's model (default: the student's).")
    private CoreKind core;

    @Option(
            names = "--core-layers",
            paramLabel = "N",
            description = "Layers of the language core (default: the student's).")
    private Integer coreLayers;

    @Option(
            names = "--core-train",
            paramLabel = "WHAT",
            description =
                    "What of the language core is learned on: frozen, norms or all (default: the"
                            + " student's).")
    private CoreTraining coreTrain;

    /** What the student knows as cores. */
    private enum CoreKind {
        POOLED,
        LANGUAGE
    }

    /** What it knows to learn of one. */
    private enum CoreTraining {
        FROZEN,
        NORMS,
        ALL
    }

    @Option(
            names = "--reservoir",
            paramLabel = "N",
            description =
                    "Moments that the student keeps beside the newest: a sample of all that ever were"
                            + " (default: the student's, none).")
    private Integer reservoir;

    @Option(names = "--reservoir-balanced", description = "Of those, what is rare keeps its place.")
    private boolean reservoirBalanced;

    @Option(
            names = "--renewal",
            paramLabel = "X",
            description =
                    "Share of a layer's units that begin anew at each step of the student, the least"
                            + " useful ones (default: the student's, none).")
    private Double renewal;

    @Option(
            names = "--placebo",
            description =
                    "Pair each frame with the targets of another sentence: a control that must stay"
                            + " at chance.")
    private boolean placebo;

    /** Widths are shares, as the student reads them. */
    private static final class WidthConverter implements ITypeConverter<Width> {
        @Override
        public Width convert(String share) {
            try {
                return Width.parse(share);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** As the student takes them. */
    List<String> options() {
        List<String> options = new ArrayList<>();
        if (width != null) {
            options.addAll(List.of("--width", width.toString()));
        }
        if (growTo != null) {
            options.addAll(List.of("--grow-to", growTo.toString()));
        }
        if (snapshot != null) {
            options.addAll(List.of("--snapshot", snapshot.toString()));
        }
        if (core != null) {
            options.addAll(List.of("--core", core.name().toLowerCase(Locale.ROOT)));
        }
        if (coreLayers != null) {
            options.addAll(List.of("--core-layers", coreLayers.toString()));
        }
        if (coreTrain != null) {
            options.addAll(List.of("--core-train", coreTrain.name().toLowerCase(Locale.ROOT)));
        }
        if (reservoir != null) {
            options.addAll(List.of("--reservoir", reservoir.toString()));
        }
        if (reservoirBalanced) {
            options.add("--reservoir-balanced");
        }
        if (renewal != null) {
            options.addAll(List.of("--renewal", renewal.toString()));
        }
        if (placebo) {
            options.add("--placebo");
        }
        return options;
    }

    /**
     * Checks them once, relations included: a student that refused to start would be started again
     * and again.
     *
     * @throws IllegalArgumentException with the offending values
     */
    void conclude() {
        Width from = width == null ? Width.PACKAGED : width;
        if (growTo != null && from.isWiderThan(growTo)) {
            throw new IllegalArgumentException(
                    "--grow-to=" + growTo + " is less than --width=" + from);
        }
        if (coreLayers != null && (coreLayers < 1 || coreLayers > MOST_CORE_LAYERS)) {
            throw new IllegalArgumentException(
                    "--core-layers=" + coreLayers + " not in 1.." + MOST_CORE_LAYERS);
        }
        if (reservoir != null && (reservoir < 0 || reservoir > MOST_MOMENTS)) {
            throw new IllegalArgumentException(
                    "--reservoir=" + reservoir + " not in 0.." + MOST_MOMENTS);
        }
        if (reservoirBalanced && (reservoir == null || reservoir == 0)) {
            throw new IllegalArgumentException("--reservoir-balanced without --reservoir");
        }
        if (renewal != null && !(renewal >= 0 && renewal <= MOST_RENEWAL)) {
            throw new IllegalArgumentException(
                    "--renewal=" + renewal + " not in 0.." + MOST_RENEWAL);
        }
        if (snapshot != null) {
            snapshot = snapshot.toAbsolutePath().normalize();
            if (!Files.isRegularFile(snapshot)) {
                throw new IllegalArgumentException("--snapshot=" + snapshot + " is no file");
            }
        }
    }
}
