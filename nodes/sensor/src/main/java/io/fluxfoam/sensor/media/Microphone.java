package io.fluxfoam.sensor.media;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.SourceException;

import java.lang.foreign.MemorySegment;
import java.nio.ShortBuffer;
import java.util.function.Consumer;

/** The newest sound of a microphone; the noise floor while it is lost. */
final class Microphone implements AutoCloseable {
    /** Full scale is 32,768: what a microphone gives that is muted, or plugged into nothing. */
    private static final int SILENCE = 8;

    private static final long SILENT_SECONDS = 30;

    private final String device;
    private final SoundRing ring;
    private final SoundRing floor;
    private final Consumer<String> notices;
    private final Capture capture;
    private long silentSamples;

    /** The microphone, open. */
    private final class Listening implements Capture.Session {
        private final MediaInput input = input();
        private final SoundReader reader =
                SoundReader.open(input)
                        .orElseThrow(() -> new SourceException(input.name() + " gives no sound"));

        Listening() throws SourceException {}

        @Override
        public boolean step() throws SourceException {
            ShortBuffer sound = reader.next();
            if (sound == null) {
                return false;
            }
            watch(input.name(), sound.duplicate());
            synchronized (ring) {
                ring.append(sound);
            }
            return true;
        }

        @Override
        public void close() {
            reader.close();
        }
    }

    /**
     * Opens the microphone.
     *
     * @param device {@code FORMAT:DEVICE}, or an ALSA device
     * @param notices told when it is lost, silent for long, and when it is back
     */
    Microphone(String device, long seed, Consumer<String> notices) throws SourceException {
        this.device = device;
        this.ring = new SoundRing(seed);
        this.floor = new SoundRing(seed);
        this.notices = notices;
        capture = new Capture(input().name(), Listening::new, notices);
    }

    private MediaInput input() throws SourceException {
        return MediaInput.device("microphone", "alsa", device);
    }

    /** Only ever called by the thread that reads the device. */
    private void watch(String name, ShortBuffer sound) {
        long limit = SILENT_SECONDS * FrameShape.SOUND_RATE;
        boolean wasSilent = silentSamples >= limit;
        while (sound.hasRemaining()) {
            silentSamples = Math.abs(sound.get()) <= SILENCE ? silentSamples + 1 : 0;
        }
        boolean isSilent = silentSamples >= limit;
        if (isSilent && !wasSilent) {
            notices.accept(
                    name
                            + " has been silent for "
                            + SILENT_SECONDS
                            + " s: muted, or not the one that is meant?");
        } else if (wasSilent && !isSilent) {
            notices.accept(name + " is heard again");
        }
    }

    /** Copies the last whole window; before it has been heard, its beginning is the noise floor. */
    void read(MemorySegment soundF32) throws SourceException {
        if (capture.isLost()) {
            floor.window(0, soundF32);
            return;
        }
        synchronized (ring) {
            ring.window(ring.position(), soundF32);
        }
    }

    @Override
    public void close() {
        capture.close();
    }
}
