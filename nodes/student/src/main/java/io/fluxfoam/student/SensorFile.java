package io.fluxfoam.student;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.SensorCard;
import io.fluxfoam.memory.AtomicFile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the sensor said of its frames, kept beside the checkpoint: so a student goes on with the
 * moments that it was shown, also while its sensor is gone. One line, {@code HEIGHT WIDTH SAMPLES
 * MIRRORED SENSOR}.
 */
final class SensorFile {
    private final Path file;
    private final String sensor;

    /**
     * In a student's state directory.
     *
     * @param sensor name of the node; of another one nothing is known
     */
    SensorFile(Path state, String sensor) {
        file = state.resolve("frames");
        this.sensor = sensor;
    }

    /** Keeps what the sensor says now. */
    void save(SensorCard card) throws IOException {
        FrameShape frame = card.frame();
        String line =
                String.join(
                        " ",
                        String.valueOf(frame.height()),
                        String.valueOf(frame.width()),
                        String.valueOf(frame.soundSamples()),
                        String.valueOf(card.mirrored()),
                        sensor);
        AtomicFile.replace(file, line.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * What it said last; empty if it never did.
     *
     * @throws IOException if the file makes no sense
     */
    Optional<SensorCard> load() throws IOException {
        try {
            String line = Files.readString(file, StandardCharsets.UTF_8);
            String[] words = line.split(" ");
            if (words.length != 5) {
                throw new IllegalArgumentException("words=" + words.length + " wanted=5");
            }
            FrameShape frame =
                    new FrameShape(
                            Integer.parseInt(words[0]),
                            Integer.parseInt(words[1]),
                            Integer.parseInt(words[2]));
            return words[4].equals(sensor)
                    ? Optional.of(new SensorCard(frame, Boolean.parseBoolean(words[3])))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new IOException("damaged: file=" + file + " " + e.getMessage(), e);
        }
    }
}
