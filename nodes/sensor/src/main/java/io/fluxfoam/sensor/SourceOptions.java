package io.fluxfoam.sensor;

import io.fluxfoam.distill.FrameRate;
import io.fluxfoam.distill.PictureSize;
import io.fluxfoam.distill.SoundLength;
import io.fluxfoam.distill.Worlds;
import io.fluxfoam.sensor.media.CameraView;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What a sensor shows, as the user says it. */
final class SourceOptions {
    @Option(
            names = "--source",
            paramLabel = "SOURCE",
            defaultValue = "scenes:",
            description =
                    "scenes: (drawn and spoken sentences), emoji: (things drawn in several styles and"
                            + " named), file:PATH (a video, sound or picture"
                            + " file, or a folder of pictures, sounds, films and captions) or"
                            + " live:[VIDEO[,AUDIO]] (camera and microphone, each DEVICE, FORMAT:DEVICE"
                            + " or none). Several, each with a --source of its own, take turns (default:"
                            + " ${DEFAULT-VALUE}).")
    private List<String> sources = new ArrayList<>();

    @Option(
            names = "--switch-every",
            paramLabel = "N",
            description = "Frames in a row of one of several sources (default: 500).")
    private @Nullable Long switchEvery;

    @Option(names = "--mix", description = "Mix several sources: the same as --switch-every 3.")
    private boolean mix;

    @Option(
            names = "--picture",
            paramLabel = "WxH",
            description =
                    "Columns and rows of each picture (default: 320x96 of scenes:, 128x96 of emoji:, else 160x120; of"
                            + " several sources that of the first).")
    private @Nullable String picture;

    @Option(
            names = "--sound",
            paramLabel = "SECONDS",
            description =
                    "Length of each sound window, 0.5 to 10 (default: 1.6 of emoji:, else 2.56; of several sources that of the"
                            + " first).")
    private @Nullable String sound;

    @Option(
            names = "--fps",
            paramLabel = "N",
            description =
                    "Frames per second, 0.01 to 1000 (default: 32 of emoji: and of a folder with --vary, which never"
                            + " repeat a picture, else 7; of several sources that of the first).")
    private @Nullable Double framesPerSecond;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of all that is random in the frames (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--once",
            description = "End after one pass over a file or folder instead of beginning again.")
    private boolean once;

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
    private int rotate;

    @Option(
            names = "--crop",
            paramLabel = "WxH[+X+Y]",
            description =
                    "Show only so many columns and rows of the camera's own picture, from column X"
                            + " and row Y (default: its middle).")
    private @Nullable String crop;

    @Option(
            names = "--hold-style",
            paramLabel = "STYLE",
            defaultValue = SourceSettings.HOLD_STYLE,
            description =
                    "Style of emoji: that is held out: noto, noto-v1, twemoji, openmoji or"
                            + " fluent-emoji-flat (default: ${DEFAULT-VALUE}).")
    private String holdStyle = SourceSettings.HOLD_STYLE;

    List<String> sources() {
        return sources;
    }

    /**
     * Frames per second.
     *
     * @throws IllegalArgumentException if they are out of range, or the source is of no known kind
     */
    double framesPerSecond() {
        return framesPerSecond == null
                ? Sources.usualRate(sources.getFirst(), vary).perSecond()
                : new FrameRate(framesPerSecond).perSecond();
    }

    /**
     * Opens what the options say.
     *
     * @throws IllegalArgumentException if an option makes no sense, or does not fit the others
     * @throws IOException if a source cannot be opened
     */
    FrameSource open(Consumer<String> notices) throws IOException {
        if (mirror && !vary) {
            throw new IllegalArgumentException("--mirror is of --vary, which is not given");
        }
        SourceSettings settings =
                new SourceSettings(
                        Optional.ofNullable(picture).map(PictureSize::parse),
                        Optional.ofNullable(sound).map(SoundLength::parse),
                        seed,
                        framesPerSecond(),
                        once,
                        vary,
                        mirror,
                        CameraView.of(rotate, crop),
                        holdStyle);
        return new Sources(settings, notices)
                .open(sources, Worlds.of(sources.size(), switchEvery, mix).switchEvery());
    }
}
