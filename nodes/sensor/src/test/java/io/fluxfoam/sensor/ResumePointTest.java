package io.fluxfoam.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

class ResumePointTest {
    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("resume");
    }

    @Test
    void shouldBeginWithZero() throws IOException {
        try (ResumePoint point = ResumePoint.open(file)) {
            assertEquals(0, point.nextCounter());
            assertEquals(0, point.reserve());
            assertEquals(1, point.reserve());
        }
    }

    @Test
    void shouldGoOnAfterTheLastReservedCounterWhenItsOwnerWasNeverClosed() throws IOException {
        ResumePoint killed = ResumePoint.open(file);
        killed.reserve();
        killed.reserve();
        try (ResumePoint point = ResumePoint.open(file)) {
            assertEquals(2, point.reserve());
        }
        killed.close();
    }

    @Test
    void shouldBeginWithZeroWhenItsCreatorDiedBeforeTheFirstWrite() throws IOException {
        Files.createFile(file);
        try (ResumePoint point = ResumePoint.open(file)) {
            assertEquals(0, point.nextCounter());
        }
    }

    @Test
    void shouldRefuseAForeignOrDamagedFileAndSayWhatIsInIt() throws IOException {
        ResumePoint.open(file).close();
        byte[] good = Files.readAllBytes(file);
        for (int length : new int[] {1, good.length - 1, good.length + 1}) {
            Files.write(file, Arrays.copyOf(good, length));
            assertThrows(IOException.class, () -> ResumePoint.open(file), "length " + length);
        }
        for (int at : new int[] {0, 4, 15}) {
            byte[] damaged = good.clone();
            damaged[at] ^= (byte) 0x80;
            Files.write(file, damaged);
            IOException refusal =
                    assertThrows(IOException.class, () -> ResumePoint.open(file), "byte " + at);
            assertTrue(refusal.getMessage().contains(file.toString()), refusal.getMessage());
        }
    }
}
