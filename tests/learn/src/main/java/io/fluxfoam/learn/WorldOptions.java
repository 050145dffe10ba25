package io.fluxfoam.learn;

import io.fluxfoam.distill.Width;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What the protocol {@code worlds} takes beside the others' options. */
final class WorldOptions {
    private static final int WORLDS = 2;
    private static final double STEPS = 1;
    private static final double QUICK_STEPS = .4;
    private static final Width QUICK_WIDTH = Width.parse("0.25");

    @Option(
            names = "--tape",
            paramLabel = "DIR",
            description =
                    "A world, from a tape of a loop; worlds takes two, of the same --picture and --sound (see"
                            + " docs/TAPES.md).")
    private List<Path> tapes = List.of();

    @Option(
            names = "--turns",
            paramLabel = "N",
            defaultValue = "11",
            description =
                    "How often one of the two worlds is shown (worlds; default: ${DEFAULT-VALUE}, ten switches).")
    private int turns;

    @Option(
            names = "--frames",
            paramLabel = "N",
            defaultValue = "500",
            description = "Frames of a turn (worlds; default: ${DEFAULT-VALUE}).")
    private int frames;

    @Option(
            names = "--steps",
            paramLabel = "X",
            description =
                    "Steps of the student for each frame (worlds; default: 1, with --quick 0.4).")
    private Double steps;

    @Option(
            names = "--moments",
            paramLabel = "N",
            defaultValue = "1600",
            description =
                    "Moments that each memory has room for (worlds; default: ${DEFAULT-VALUE}).")
    private int moments;

    @Option(
            names = "--examined",
            paramLabel = "N",
            defaultValue = "120",
            description =
                    "Held-out frames of each world that it is asked of (worlds; default:"
                            + " ${DEFAULT-VALUE}).")
    private int examined;

    @Option(
            names = "--width",
            paramLabel = "X",
            converter = WidthConverter.class,
            description =
                    "Width of the student, as a share of the packaged one's (worlds; default: 1, with --quick"
                            + " 0.25).")
    private Width width;

    /** Widths are shares. */
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

    /**
     * The protocol.
     *
     * @throws IllegalArgumentException with the offending value
     */
    SwitchingWorlds protocol(boolean quick) throws IOException {
        if (tapes.size() != WORLDS) {
            throw new IllegalArgumentException(
                    "tapes=" + tapes.size() + ": worlds needs two, --tape DIR --tape DIR");
        }
        double each = steps == null ? quick ? QUICK_STEPS : STEPS : steps;
        require(turns >= WORLDS && turns <= 1_000, "turns=" + turns);
        require(frames >= 1 && frames <= 100_000, "frames=" + frames);
        require(each > 0 && each <= 100, "steps=" + each);
        require(moments >= 400 && moments <= 1_000_000, "moments=" + moments);
        require(examined >= 4 && examined <= 10_000, "examined=" + examined);
        Width share = width == null ? quick ? QUICK_WIDTH : Width.PACKAGED : width;
        return new SwitchingWorlds(
                tapes, new SwitchingWorlds.Setting(frames, turns, each, moments, examined, share));
    }

    private static void require(boolean condition, String wrong) {
        if (!condition) {
            throw new IllegalArgumentException(wrong + " is out of range");
        }
    }
}
