package io.fluxfoam.counters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.memory.LayoutException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

class CountersTest {
    @TempDir Path directory;

    private Path file() {
        return directory.resolve("ear.3.counters");
    }

    @Test
    void shouldShowItsValuesToOthers() throws IOException {
        Counters counters = Counters.create(file(), 3);
        counters.counter("frames").set(41);
        counters.counter("frames").increment();
        counters.gauge("loss").set(0.25);
        counters.gauge("not yet");
        counters.record(new IOException("an error"));
        CountersSnapshot seen = CountersSnapshot.read(file());
        assertEquals(3, seen.incarnation());
        assertEquals(42L, seen.values().get("frames"));
        assertEquals(0.25, seen.values().get("loss"));
        assertTrue(Double.isNaN(seen.number("not yet")));
        assertTrue(Double.isNaN(seen.number("never heard of")));
        assertEquals("java.io.IOException: an error", seen.errors().getFirst().summary());
        assertEquals(1, seen.number("errors"));
    }

    @Test
    void shouldGiveTheSameCounterForTheSameLabel() throws IOException {
        Counters counters = Counters.create(file(), 3);
        assertSame(counters.counter("frames"), counters.counter("frames"));
        assertSame(counters.gauge("loss"), counters.gauge("loss"));
        for (int i = 0; i < 10_000; i++) {
            counters.counter("read.ear/x.missed").increment();
        }
        assertEquals(10_000, CountersSnapshot.read(file()).number("read.ear/x.missed"));
    }

    @Test
    void shouldGoOnWhenThereIsNoRoomForMoreCounters() throws IOException {
        Counters counters = Counters.create(file(), 3);
        for (int i = 0; i < 300; i++) {
            counters.counter("c" + i).set(i);
        }
        assertEquals(299, counters.counter("c299").get());
        CountersSnapshot seen = CountersSnapshot.read(file());
        assertEquals(256, seen.values().size());
        assertTrue(
                seen.errors()
                        .getFirst()
                        .summary()
                        .contains("no room for more counters: capacity=256"));
    }

    @Test
    void shouldCountErrorsBeyondItsLogAndSayOnlyOnceThatItIsFull() throws IOException {
        Counters counters = Counters.create(file(), 3);
        PrintStream stderr = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            for (int i = 0; i < 1_000; i++) {
                counters.record(new IOException("error number " + i));
            }
        } finally {
            System.setErr(stderr);
        }
        assertEquals(1, printed.toString(StandardCharsets.UTF_8).lines().count());
        CountersSnapshot seen = CountersSnapshot.read(file());
        assertEquals(1_000, seen.number("errors"));
        assertFalse(seen.errors().isEmpty());
    }

    @Test
    void shouldRefuseAFileThatIsFarTooLargeWithoutReadingIt() throws IOException {
        Counters.create(file(), 3);
        try (RandomAccessFile file = new RandomAccessFile(file().toFile(), "rw")) {
            file.setLength(1L << 40);
        }
        LayoutException error =
                assertThrows(LayoutException.class, () -> CountersSnapshot.read(file()));
        assertEquals(LayoutException.Kind.CORRUPT, error.kind());
    }

    /**
     * Found by feeding damaged files: such a length was allocated before anybody looked whether it
     * was there.
     */
    @Test
    void shouldRefuseLengthsThatPointOutsideTheFile() throws IOException {
        Counters.create(file(), 3).record(new IOException("an error"));
        byte[] good = Files.readAllBytes(file());
        int label = CountersDescriptor.HEADER_BYTES + 128;
        for (int length : new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE, -4, 1 << 20}) {
            expectCorrupt(good, label, length);
            expectCorrupt(good, CountersDescriptor.errorLogAt(CountersDescriptor.CAPACITY), length);
        }
    }

    private void expectCorrupt(byte[] good, int offset, int value) throws IOException {
        byte[] bad = good.clone();
        ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
        Path file = Files.write(directory.resolve("eye.1.counters"), bad);
        LayoutException error =
                assertThrows(LayoutException.class, () -> CountersSnapshot.read(file));
        assertEquals(LayoutException.Kind.CORRUPT, error.kind(), error.getMessage());
    }
}
