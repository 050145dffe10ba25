package io.fluxfoam.cli;

import io.fluxfoam.distill.FrameRate;
import io.fluxfoam.distill.PictureSize;
import io.fluxfoam.distill.SoundLength;
import io.fluxfoam.distill.Worlds;

import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.List;

/** What the loop is shown: the options of {@code up} that its sensor is started with. */
final class SensorOptions {
    @Option(
            names = "--source",
            paramLabel = "SOURCE",
            description =
                    "What the sensor shows: scenes:, emoji:, file:PATH or live:. Several, each with a --source"
                            + " of its own, take turns.")
    private List<String> sources = new ArrayList<>();

    @Option(
            names = "--switch-every",
            paramLabel = "N",
            description = "Frames in a row of one of several sources (default: the sensor's).")
    private Long switchEvery;

    @Option(names = "--mix", description = "Mix several sources: the same as --switch-every 3.")
    private boolean mix;

    @Option(
            names = "--picture",
            paramLabel = "WxH",
            description = "Columns and rows of each picture (default: the source's).")
    private String picture;

    @Option(
            names = "--sound",
            paramLabel = "SECONDS",
            description = "Length of each sound window, 0.5 to 10 (default: the source's).")
    private String sound;

    @Option(
            names = "--fps",
            paramLabel = "N",
            description = "The sensor's frames per second, 0.01 to 1000 (default: the sensor's).")
    private Double framesPerSecond;

    @Option(
            names = "--vary",
            description = "Show the items of a folder in another variation each time.")
    private boolean vary;

    @Option(
            names = "--mirror",
            description = "With --vary: show half of the pictures with left and right exchanged.")
    private boolean mirror;

    @Option(
            names = "--rotate",
            paramLabel = "DEGREES",
            description = "Turn the camera's picture clockwise: 0, 90, 180 or 270.")
    private Integer rotate;

    @Option(
            names = "--crop",
            paramLabel = "WxH[+X+Y]",
            description = "Show only so many columns and rows of the camera's own picture.")
    private String crop;

    @Option(
            names = "--hold-style",
            paramLabel = "STYLE",
            description = "Style of emoji: that is held out (default: the sensor's).")
    private String holdStyle;

    /** What is shown, in the order of its worlds. */
    List<String> sources() {
        return sources;
    }

    /**
     * Checks what can be known without the source.
     *
     * @throws IllegalArgumentException with the offending values
     */
    void conclude() {
        if (framesPerSecond != null) {
            framesPerSecond = new FrameRate(framesPerSecond).perSecond();
        }
        picture = picture == null ? null : PictureSize.parse(picture).toString();
        sound = sound == null ? null : SoundLength.parse(sound).toString();
        Worlds.of(Math.max(1, sources.size()), switchEvery, mix);
        if (mirror && !vary) {
            throw new IllegalArgumentException("--mirror is of --vary, which is not given");
        }
    }

    /** What the sensor's command line says of it. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        sources.forEach(source -> add(arguments, "--source", source));
        add(arguments, "--switch-every", switchEvery);
        add(arguments, "--picture", picture);
        add(arguments, "--sound", sound);
        add(arguments, "--fps", framesPerSecond);
        add(arguments, "--rotate", rotate);
        add(arguments, "--crop", crop);
        add(arguments, "--hold-style", holdStyle);
        add(arguments, mix, "--mix");
        add(arguments, vary, "--vary");
        add(arguments, mirror, "--mirror");
        return arguments;
    }

    private static void add(List<String> arguments, String option, Object value) {
        if (value != null) {
            arguments.addAll(List.of(option, value.toString()));
        }
    }

    private static void add(List<String> arguments, boolean isSet, String option) {
        if (isSet) {
            arguments.add(option);
        }
    }
}
