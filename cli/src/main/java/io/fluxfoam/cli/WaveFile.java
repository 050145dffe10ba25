package io.fluxfoam.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A sound as a file that any player plays: RIFF WAVE, 16-bit mono. */
final class WaveFile {
    private static final int HEADER_BYTES = 44;
    private static final int FORMAT_BYTES = 16;
    private static final short PCM = 1;
    private static final short MONO = 1;

    private WaveFile() {}

    /**
     * Writes samples in [-1, 1]; what is beyond is as loud as can be.
     *
     * @param rate samples in a second
     */
    static void write(Path file, float[] samples, int rate) throws IOException {
        int bytes = samples.length * Short.BYTES;
        ByteBuffer wave = ByteBuffer.allocate(HEADER_BYTES + bytes).order(ByteOrder.LITTLE_ENDIAN);
        wave.put(letters("RIFF")).putInt(HEADER_BYTES - 8 + bytes).put(letters("WAVE"));
        wave.put(letters("fmt ")).putInt(FORMAT_BYTES).putShort(PCM).putShort(MONO);
        wave.putInt(rate).putInt(rate * Short.BYTES);
        wave.putShort((short) Short.BYTES).putShort((short) Short.SIZE);
        wave.put(letters("data")).putInt(bytes);
        for (float sample : samples) {
            wave.putShort((short) Math.round(Math.clamp(sample, -1f, 1f) * Short.MAX_VALUE));
        }
        Files.write(file, wave.array());
    }

    private static byte[] letters(String four) {
        return four.getBytes(StandardCharsets.US_ASCII);
    }
}
