package io.fluxfoam.sensor.media;

import io.fluxfoam.sensor.SourceException;

import java.lang.foreign.MemorySegment;
import java.nio.ShortBuffer;

/** The newest sound of a microphone. */
final class Microphone implements AutoCloseable {
    private final SoundReader reader;
    private final Capture capture;
    private final SoundRing ring;

    /** Opens the microphone. */
    Microphone(MediaInput input, long seed) throws SourceException {
        ring = new SoundRing(seed);
        reader =
                SoundReader.open(input)
                        .orElseThrow(() -> new SourceException(input.name() + " gives no sound"));
        capture = new Capture(input.name(), reader, this::step);
    }

    private boolean step() throws SourceException {
        ShortBuffer sound = reader.next();
        if (sound == null) {
            return false;
        }
        synchronized (ring) {
            ring.append(sound);
        }
        return true;
    }

    /** Copies the last whole window; before it has been heard, its beginning is the noise floor. */
    void read(MemorySegment soundF32) throws SourceException {
        capture.check();
        synchronized (ring) {
            ring.window(ring.position(), soundF32);
        }
    }

    @Override
    public void close() {
        capture.close();
    }
}
