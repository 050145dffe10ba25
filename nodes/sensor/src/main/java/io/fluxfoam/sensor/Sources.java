package io.fluxfoam.sensor;

import io.fluxfoam.distill.FrameRate;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.distill.Worlds;
import io.fluxfoam.launch.FoamHome;
import io.fluxfoam.sensor.emoji.EmojiSource;
import io.fluxfoam.sensor.media.FileSource;
import io.fluxfoam.sensor.media.FolderSource;
import io.fluxfoam.sensor.media.LiveSource;
import io.fluxfoam.sensor.scene.SceneSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Opens sources by what the user calls them: {@code scenes:}, {@code emoji:}, {@code file:PATH} or
 * {@code live:[VIDEO_DEVICE[,AUDIO_DEVICE]]}.
 *
 * @param settings of all of them
 * @param notices told in one line what is skipped, left out, lost or silent
 */
public record Sources(SourceSettings settings, Consumer<String> notices) {
    /** Of what people bring: that of most cameras, at a size that a student can take. */
    static final FrameShape PICTURES = new FrameShape(120, 160, FrameShape.STANDARD_SOUND_SAMPLES);

    /** What a student on two processors keeps up with when the experts look at every frame. */
    private static final FrameRate CALM = new FrameRate(7);

    /**
     * Of what never shows the same picture twice: what a student learns of it is limited by how
     * many it has seen, and a frame that no expert looks at costs little.
     */
    private static final FrameRate ALL_NEW = new FrameRate(32);

    private static final String SCENES = "scenes";
    private static final String EMOJI = "emoji";
    private static final String FILE = "file";
    private static final String LIVE = "live";
    private static final String DEFAULT_CAMERA = "/dev/video0";
    private static final String DEFAULT_MICROPHONE = "default";

    /** What the user calls a source, taken apart. */
    private record Name(String whole, String kind, String rest) {
        static Name of(String source) {
            int colon = source.indexOf(':');
            return new Name(
                    source, source.substring(0, Math.max(0, colon)), source.substring(colon + 1));
        }

        boolean isFolder() {
            return kind.equals(FILE) && Files.isDirectory(Path.of(rest));
        }

        IllegalArgumentException unknown() {
            return new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "source=\"%s\" is not scenes:, emoji:, file:PATH or live:[VIDEO_DEVICE[,AUDIO_DEVICE]]",
                            whole));
        }
    }

    /**
     * Opens several sources that take turns, or one.
     *
     * @param switchEvery frames in a row of one source
     * @throws IllegalArgumentException if one is of no known kind, or a setting is of no use to any
     * @throws IOException if one cannot be opened
     */
    FrameSource open(List<String> sources, long switchEvery) throws IOException {
        List<Name> names = sources.stream().map(Name::of).toList();
        FrameShape shape = settings.shape(usualShape(names.getFirst()));
        if (settings.varied() && names.stream().noneMatch(Name::isFolder)) {
            throw new IllegalArgumentException(
                    "--vary is of folders (file:DIR), and none is given");
        }
        if (!settings.view().isWhole() && names.stream().noneMatch(n -> n.kind().equals(LIVE))) {
            throw new IllegalArgumentException("--rotate and --crop are of cameras (live:)");
        }
        if (names.size() == 1) {
            return open(names.getFirst(), shape);
        }
        Worlds worlds = new Worlds(names.size(), switchEvery);
        List<FrameSource> opened = new ArrayList<>();
        try {
            for (Name name : names) {
                opened.add(open(name, shape));
            }
            return new WorldsSource(worlds, sources, opened, notices);
        } catch (IOException | RuntimeException e) {
            opened.forEach(FrameSource::close);
            throw e;
        }
    }

    /**
     * How often a source shows a frame if nobody says.
     *
     * @throws IllegalArgumentException if it is of no known kind
     */
    static FrameRate usualRate(String source, boolean varied) {
        Name name = Name.of(source);
        return switch (name.kind()) {
            case EMOJI -> ALL_NEW;
            case FILE -> varied && name.isFolder() ? ALL_NEW : CALM;
            case SCENES, LIVE -> CALM;
            default -> throw name.unknown();
        };
    }

    private static FrameShape usualShape(Name name) {
        return switch (name.kind()) {
            case SCENES -> FrameShape.STANDARD;
            case EMOJI -> EmojiSource.SHAPE;
            case FILE, LIVE -> PICTURES;
            default -> throw name.unknown();
        };
    }

    private FrameSource open(Name name, FrameShape shape) throws IOException {
        return switch (name.kind()) {
            case SCENES -> scenes(name, shape);
            case EMOJI -> emoji(name, shape);
            case FILE -> file(name, shape);
            case LIVE -> live(name.rest(), shape);
            default -> throw name.unknown();
        };
    }

    private FrameSource scenes(Name name, FrameShape shape) {
        if (!name.rest().isEmpty()) {
            throw name.unknown();
        }
        return new SceneSource(shape, settings.seed());
    }

    private FrameSource emoji(Name name, FrameShape shape) throws SourceException {
        if (!name.rest().isEmpty()) {
            throw name.unknown();
        }
        Path icons =
                FoamHome.resolve("nodes", Roles.SENSOR, "target", "models")
                        .orElseThrow(() -> new SourceException("emoji: needs -Dfoam.home=DIR"));
        return new EmojiSource(shape, settings.seed(), settings.holdStyle(), icons, notices);
    }

    private FrameSource file(Name name, FrameShape shape) throws SourceException {
        if (name.rest().isEmpty()) {
            throw name.unknown();
        }
        Path path = Path.of(name.rest());
        return Files.isDirectory(path)
                ? new FolderSource(path, shape, settings, notices)
                : new FileSource(
                        path,
                        shape,
                        settings.framesPerSecond(),
                        settings.once(),
                        settings.seed(),
                        notices);
    }

    private FrameSource live(String rest, FrameShape shape) throws SourceException {
        int comma = rest.indexOf(',');
        String video = comma < 0 ? rest : rest.substring(0, comma);
        String audio = comma < 0 ? "" : rest.substring(comma + 1);
        return new LiveSource(
                video.isEmpty() ? DEFAULT_CAMERA : video,
                audio.isEmpty() ? DEFAULT_MICROPHONE : audio,
                shape,
                settings.view(),
                settings.seed(),
                notices);
    }
}
