package io.fluxfoam.sensor.media;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.SourceException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** The newest picture of a camera; black while it is lost. */
final class Camera implements AutoCloseable {
    private final String device;
    private final FrameShape shape;
    private final CameraView view;
    private final Capture capture;
    private final Object lock = new Object();
    private MemorySegment newest;
    private MemorySegment filling;

    /** The camera, from its first picture on. */
    private final class Shooting implements Capture.Session {
        private final PictureReader reader;

        Shooting() throws SourceException {
            MediaInput input = input();
            reader =
                    PictureReader.open(input, shape, view)
                            .orElseThrow(
                                    () -> new SourceException(input.name() + " gives no pictures"));
            if (!step()) {
                reader.close();
                throw new SourceException(input.name() + " gave no first picture");
            }
        }

        @Override
        public boolean step() {
            if (!reader.next(filling)) {
                return false;
            }
            synchronized (lock) {
                MemorySegment filled = filling;
                filling = newest;
                newest = filled;
            }
            return true;
        }

        @Override
        public void close() {
            reader.close();
        }
    }

    /**
     * Opens the camera and reads its first picture.
     *
     * @param device {@code FORMAT:DEVICE}, or a v4l2 device
     * @param notices told when it is lost, and when it is back
     */
    Camera(String device, FrameShape shape, CameraView view, Consumer<String> notices)
            throws SourceException {
        this.device = device;
        this.shape = shape;
        this.view = view;
        newest = Arena.ofAuto().allocate(shape.pictureBytes());
        filling = Arena.ofAuto().allocate(shape.pictureBytes());
        capture = new Capture(input().name(), Shooting::new, notices);
    }

    private MediaInput input() throws SourceException {
        return MediaInput.device("camera", "v4l2", device);
    }

    /** Copies the newest picture. */
    void read(MemorySegment pictureRgb) {
        if (capture.isLost()) {
            pictureRgb.fill((byte) 0);
            return;
        }
        synchronized (lock) {
            pictureRgb.copyFrom(newest);
        }
    }

    @Override
    public void close() {
        capture.close();
    }
}
