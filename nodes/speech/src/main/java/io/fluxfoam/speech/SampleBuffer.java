package io.fluxfoam.speech;

import com.sun.speech.freetts.audio.AudioPlayer;

import io.fluxfoam.distill.FrameShape;

import java.util.Arrays;

import javax.sound.sampled.AudioFormat;

/**
 * A FreeTTS "player" that keeps what it is given: 16-bit signed big-endian mono at {@link
 * FrameShape#SOUND_RATE}.
 */
final class SampleBuffer implements AudioPlayer {
    private static final float FULL_SCALE = 32_768;
    private static final int SAMPLE_BYTES = Short.BYTES;

    private AudioFormat format = new AudioFormat(FrameShape.SOUND_RATE, Short.SIZE, 1, true, true);
    private byte[] bytes = new byte[4 * FrameShape.SOUND_RATE * SAMPLE_BYTES];
    private int length;

    void clear() {
        length = 0;
    }

    int count() {
        return length / SAMPLE_BYTES;
    }

    /** Sample in [-1, 1). */
    float get(int index) {
        int at = index * SAMPLE_BYTES;
        return (short) (bytes[at] << Byte.SIZE | bytes[at + 1] & 0xFF) / FULL_SCALE;
    }

    @Override
    public boolean write(byte[] audio, int offset, int size) {
        if (length + size > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + size));
        }
        System.arraycopy(audio, offset, bytes, length, size);
        length += size;
        return true;
    }

    @Override
    public boolean write(byte[] audio) {
        return write(audio, 0, audio.length);
    }

    /** Refuses what {@link #get} would misread. */
    @Override
    public void setAudioFormat(AudioFormat audioFormat) {
        if (!audioFormat.matches(format)) {
            throw new IllegalArgumentException("audio format " + audioFormat + " is not " + format);
        }
        format = audioFormat;
    }

    @Override
    public AudioFormat getAudioFormat() {
        return format;
    }

    @Override
    public float getVolume() {
        return 1;
    }

    @Override
    public boolean end() {
        return true;
    }

    @Override
    public boolean drain() {
        return true;
    }

    @Override
    public long getTime() {
        return 0;
    }

    // A player that plays nothing has nothing to do for the rest of the interface.

    @Override
    public void begin(int size) {}

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void reset() {}

    @Override
    public void cancel() {}

    @Override
    public void close() {}

    @Override
    public void setVolume(float volume) {}

    @Override
    public void resetTime() {}

    @Override
    public void startFirstSampleTimer() {}

    @Override
    public void showMetrics() {}
}
