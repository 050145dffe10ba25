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
 */
public record SourceSettings(
        Optional<PictureSize> picture,
        Optional<SoundLength> sound,
        long seed,
        double framesPerSecond,
        boolean once,
        boolean varied,
        boolean mirrored,
        CameraView view) {
    /** What is asked for, and the rest as is usual for the source. */
    FrameShape shape(FrameShape usual) {
        return new FrameShape(
                picture.map(PictureSize::height).orElse(usual.height()),
                picture.map(PictureSize::width).orElse(usual.width()),
                sound.map(SoundLength::samples).orElse(usual.soundSamples()));
    }
}
