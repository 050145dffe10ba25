package io.fluxfoam.student;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.SensorCard;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

class SensorFileTest {
    private static final SensorCard CARD = new SensorCard(new FrameShape(96, 128, 16_000), true);

    @TempDir private Path state;

    @Test
    void shouldGiveBackWhatTheSensorOfThatNameSaid() throws IOException {
        assertEquals(Optional.empty(), new SensorFile(state, "sensor").load());
        new SensorFile(state, "sensor").save(CARD);
        assertEquals(Optional.of(CARD), new SensorFile(state, "sensor").load());
        assertEquals(Optional.empty(), new SensorFile(state, "eye").load());
    }

    @Test
    void shouldSayThatItIsDamaged() throws IOException {
        for (String line : new String[] {"", "96 128 x true sensor", "9 128 16000 true sensor"}) {
            Files.writeString(state.resolve("frames"), line);
            assertThrows(IOException.class, () -> new SensorFile(state, "sensor").load(), line);
        }
    }
}
