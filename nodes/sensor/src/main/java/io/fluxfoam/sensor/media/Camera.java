package io.fluxfoam.sensor.media;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.SourceException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The newest picture of a camera. */
final class Camera implements AutoCloseable {
    private final PictureReader reader;
    private final Capture capture;
    private final Object lock = new Object();
    private MemorySegment newest;
    private MemorySegment filling;

    /** Opens the camera and reads its first picture. */
    Camera(MediaInput input, FrameShape shape) throws SourceException {
        newest = Arena.ofAuto().allocate(shape.pictureBytes());
        filling = Arena.ofAuto().allocate(shape.pictureBytes());
        reader =
                PictureReader.open(input, shape)
                        .orElseThrow(
                                () -> new SourceException(input.name() + " gives no pictures"));
        try {
            if (!reader.next(newest)) {
                throw new SourceException(input.name() + " gave no first picture");
            }
        } catch (SourceException e) {
            reader.close();
            throw e;
        }
        capture = new Capture(input.name(), reader, this::step);
    }

    private boolean step() {
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

    /** Copies the newest picture. */
    void read(MemorySegment pictureRgb) throws SourceException {
        capture.check();
        synchronized (lock) {
            pictureRgb.copyFrom(newest);
        }
    }

    @Override
    public void close() {
        capture.close();
    }
}
