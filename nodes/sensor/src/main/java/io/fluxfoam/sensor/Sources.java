package io.fluxfoam.sensor;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.launch.FoamHome;
import io.fluxfoam.sensor.emoji.EmojiSource;
import io.fluxfoam.sensor.media.FileSource;
import io.fluxfoam.sensor.media.FolderSource;
import io.fluxfoam.sensor.media.LiveSource;
import io.fluxfoam.sensor.scene.SceneSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Opens a source by what the user calls it: {@code scenes:}, {@code emoji:}, {@code file:PATH} or
 * {@code live:[VIDEO_DEVICE[,AUDIO_DEVICE]]}.
 *
 * @param shape of the frames
 * @param seed of all that is random in the frames
 * @param framesPerSecond the pace at which a file is sampled
 * @param once whether a file or folder ends after one pass
 * @param holdStyle the style of {@code emoji:} that is held out
 * @param notices told in one line what of a file or folder is skipped or left out
 */
public record Sources(
        FrameShape shape,
        long seed,
        double framesPerSecond,
        boolean once,
        String holdStyle,
        Consumer<String> notices) {
    private static final String DEFAULT_CAMERA = "/dev/video0";
    private static final String DEFAULT_MICROPHONE = "default";

    /**
     * Opens a source.
     *
     * @throws IllegalArgumentException if it is none of these kinds
     * @throws SourceException if it cannot be opened
     */
    public FrameSource open(String source) throws SourceException {
        int colon = source.indexOf(':');
        String kind = source.substring(0, Math.max(0, colon));
        String rest = source.substring(colon + 1);
        return switch (kind) {
            case "emoji" -> emoji(source, rest);
            case "scenes" -> scenes(source, rest);
            case "file" -> file(source, rest);
            case "live" -> live(rest);
            default -> throw unknown(source);
        };
    }

    private FrameSource scenes(String source, String rest) throws SourceException {
        if (!rest.isEmpty()) {
            throw unknown(source);
        }
        return new SceneSource(shape, seed);
    }

    private FrameSource emoji(String source, String rest) throws SourceException {
        if (!rest.isEmpty()) {
            throw unknown(source);
        }
        Path icons =
                FoamHome.resolve("nodes", Roles.SENSOR, "target", "models")
                        .orElseThrow(() -> new SourceException("emoji: needs -Dfoam.home=DIR"));
        return new EmojiSource(EmojiSource.SHAPE, seed, holdStyle, icons, notices);
    }

    private FrameSource file(String source, String rest) throws SourceException {
        if (rest.isEmpty()) {
            throw unknown(source);
        }
        Path path = Path.of(rest);
        return Files.isDirectory(path)
                ? new FolderSource(path, shape, once, seed, notices)
                : new FileSource(path, shape, framesPerSecond, once, seed, notices);
    }

    private FrameSource live(String rest) throws SourceException {
        int comma = rest.indexOf(',');
        String video = comma < 0 ? rest : rest.substring(0, comma);
        String audio = comma < 0 ? "" : rest.substring(comma + 1);
        return new LiveSource(
                video.isEmpty() ? DEFAULT_CAMERA : video,
                audio.isEmpty() ? DEFAULT_MICROPHONE : audio,
                shape,
                seed);
    }

    private static IllegalArgumentException unknown(String source) {
        return new IllegalArgumentException(
                String.format(
                        Locale.ROOT,
                        "source=\"%s\" is not scenes:, emoji:, file:PATH or live:[VIDEO_DEVICE[,AUDIO_DEVICE]]",
                        source));
    }
}
