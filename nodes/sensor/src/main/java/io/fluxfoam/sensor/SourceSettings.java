package io.fluxfoam.sensor;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.PictureSize;
import io.fluxfoam.distill.SoundLength;
import io.fluxfoam.sensor.media.CameraView;

import java.util.Optional;

/**
 * How sources are opened.
 *
 * @param picture of each frame; empty: as is usual for the source
 * @param sound of each frame; empty: as is usual for the source
 * @param seed of all that is random in the frames
 * @param framesPerSecond the pace at which a file is sampled
 * @param once whether a file or folder ends after one pass
 * @param varied whether the items of a folder are varied each time
 * @param mirrored whether half of what is varied is shown with left and right exchanged
 * @param view of a camera
 * @param holdStyle the style of {@code emoji:} that is held out
 */
public record SourceSettings(
        Optional<PictureSize> picture,
        Optional<SoundLength> sound,
        long seed,
        double framesPerSecond,
        boolean once,
        boolean varied,
        boolean mirrored,
        CameraView view,
        String holdStyle) {
    /** The style of {@code emoji:} that is held out if nothing else is said. */
    static final String HOLD_STYLE = "openmoji";

    /** What is usual for each source. */
    public static SourceSettings usual(long seed) {
        return new SourceSettings(
                Optional.empty(),
                Optional.empty(),
                seed,
                1,
                false,
                false,
                false,
                CameraView.WHOLE,
                HOLD_STYLE);
    }

    /** The same, to end after one pass over a file or folder or not. */
    public SourceSettings once(boolean newOnce) {
        return new SourceSettings(
                picture, sound, seed, framesPerSecond, newOnce, varied, mirrored, view, holdStyle);
    }

    /** The same, to vary the items of a folder or not. */
    public SourceSettings varied(boolean newVaried) {
        return new SourceSettings(
                picture, sound, seed, framesPerSecond, once, newVaried, mirrored, view, holdStyle);
    }

    /** What is asked for, and the rest as is usual for the source. */
    FrameShape shape(FrameShape usual) {
        return new FrameShape(
                picture.map(PictureSize::height).orElse(usual.height()),
                picture.map(PictureSize::width).orElse(usual.width()),
                sound.map(SoundLength::samples).orElse(usual.soundSamples()));
    }
}
