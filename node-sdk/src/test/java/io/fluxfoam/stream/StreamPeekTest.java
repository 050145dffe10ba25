package io.fluxfoam.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.device.Device;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.tensor.DType;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

class StreamPeekTest {
    private static final String CONTROL = "writer.1.x.control";

    @TempDir Path directory;
    private FoamDirectory foam;

    @BeforeEach
    void createFoam() throws IOException {
        foam = FoamDirectory.create(directory.resolve("foam"));
    }

    @Test
    void shouldCopyTheNewestCommitWithoutALane() throws IOException {
        try (StreamWriter writer = writer();
                StreamPeek peek = StreamPeek.open(foam, CONTROL)) {
            assertTrue(peek.newerThan(0).isEmpty());
            commit(writer, 1);
            commit(writer, 2);
            StreamPeek.Copy copy = peek.newerThan(0).orElseThrow();
            assertEquals(2, copy.sequence());
            assertEquals(102, copy.frameNumber());
            assertEquals(202, copy.captureNs());
            assertEquals(302, copy.tag());
            assertArrayEquals(new long[] {2}, copy.shape());
            assertEquals(16, copy.bytes().byteSize());
            assertEquals(2, copy.bytes().get(ValueLayout.JAVA_LONG_UNALIGNED, 8));
            assertTrue(copy.intact());
            assertTrue(peek.newerThan(2).isEmpty());
            assertTrue(StreamView.read(foam.path().resolve(CONTROL)).lanes().isEmpty());
        }
    }

    @Test
    void shouldCopyTheCommitOfAFrameWhileASlotHoldsIt() throws IOException {
        try (StreamWriter writer = writer();
                StreamPeek peek = StreamPeek.open(foam, CONTROL)) {
            assertTrue(peek.ofFrame(0).isEmpty());
            int slots = peek.header().spec().slots();
            for (int value = 1; value <= slots + 1; value++) {
                commit(writer, value);
            }
            StreamPeek.Copy copy = peek.ofFrame(100 + slots).orElseThrow();
            assertEquals(slots, copy.sequence());
            assertEquals(slots, copy.bytes().get(ValueLayout.JAVA_LONG_UNALIGNED, 8));
            assertTrue(peek.ofFrame(101).isEmpty(), "its slot is used again");
            assertTrue(StreamView.read(foam.path().resolve(CONTROL)).lanes().isEmpty());
        }
    }

    @Test
    void shouldGoOnReadingWhatADeadWriterLeft() throws IOException {
        try (StreamWriter writer = writer()) {
            commit(writer, 7);
        }
        try (StreamPeek peek = StreamPeek.open(foam, CONTROL)) {
            assertEquals(107, peek.newerThan(0).orElseThrow().frameNumber());
        }
    }

    @Test
    void shouldTellBytesThatHaveNotTheirChecksum() throws IOException {
        try (StreamWriter writer = writer();
                StreamPeek peek = StreamPeek.open(foam, CONTROL)) {
            commit(writer, 1);
            try (RandomAccessFile payload =
                    new RandomAccessFile(
                            foam.path().resolve("writer.1.x.payload").toFile(), "rw")) {
                for (long at = 0; at < payload.length(); at++) {
                    payload.seek(at);
                    payload.write(0x5a);
                }
            }
            assertFalse(peek.newerThan(0).orElseThrow().intact());
        }
    }

    private StreamWriter writer() throws IOException {
        return StreamWriter.create(
                foam, "writer", 1, StreamSpec.of("x", DType.I64, 4), Device.of("host"));
    }

    private static void commit(StreamWriter writer, long value) {
        try (Claim claim = writer.claim()) {
            claim.shape(2).tag(300 + value);
            claim.payload().set(ValueLayout.JAVA_LONG, 8, value);
            claim.commit(100 + value, 200 + value);
        }
    }
}
