package io.fluxfoam.sensor.media;

import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.FrameSource;
import io.fluxfoam.sensor.SourceException;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A camera and a microphone. Each is read by its own thread; a frame is the newest picture and the
 * last whole sound window. Without a camera, or while it is unplugged, the picture is black;
 * without a microphone the sound is the noise floor.
 */
public final class LiveSource implements FrameSource {
    private static final String NONE = "none";

    private final FrameShape shape;
    private final Optional<Camera> camera;
    private final Optional<Microphone> microphone;
    private final SoundRing silence;

    /**
     * Opens the devices and waits for the camera's first picture.
     *
     * @param video {@code FORMAT:DEVICE} with an FFmpeg input format, a v4l2 device, or "none"
     * @param audio {@code FORMAT:DEVICE} with an FFmpeg input format, an ALSA device, or "none"
     * @param view what of the camera's picture is shown
     * @param seed of the noise floor
     * @param notices told in one line when a device is lost, back, or silent for long; from other
     *     threads
     * @throws SourceException if a device is missing or does not open
     */
    public LiveSource(
            String video,
            String audio,
            FrameShape shape,
            CameraView view,
            long seed,
            Consumer<String> notices)
            throws SourceException {
        if (video.equals(NONE) && audio.equals(NONE)) {
            throw new SourceException("live: needs a camera or a microphone, not none,none");
        }
        this.shape = shape;
        this.silence = new SoundRing(seed);
        this.camera =
                video.equals(NONE)
                        ? Optional.empty()
                        : Optional.of(new Camera(video, shape, view, notices));
        try {
            this.microphone =
                    audio.equals(NONE)
                            ? Optional.empty()
                            : Optional.of(new Microphone(audio, seed, notices));
        } catch (SourceException e) {
            camera.ifPresent(Camera::close);
            throw e;
        }
    }

    @Override
    public FrameShape shape() {
        return shape;
    }

    @Override
    public boolean captioned() {
        return false;
    }

    @Override
    public Candidates candidates() {
        return Candidates.NONE;
    }

    @Override
    public boolean read(long counter, MemorySegment pictureRgb, MemorySegment soundF32)
            throws SourceException {
        if (camera.isPresent()) {
            camera.get().read(pictureRgb);
        } else {
            pictureRgb.fill((byte) 0);
        }
        if (microphone.isPresent()) {
            microphone.get().read(soundF32);
        } else {
            silence.window(0, soundF32);
        }
        return true;
    }

    @Override
    public @Nullable String caption() {
        return null;
    }

    @Override
    public void close() {
        camera.ifPresent(Camera::close);
        microphone.ifPresent(Microphone::close);
    }
}
