package io.fluxfoam.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.device.Device;
import io.fluxfoam.tensor.DType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Streams on the host. */
class StreamTest extends StreamContract {
    @Override
    Device device() {
        return Device.of("host");
    }

    @Override
    void corrupt(Path payloadFile, long payloadBytes, long offset) throws IOException {
        try (RandomAccessFile payload = new RandomAccessFile(payloadFile.toFile(), "rw")) {
            payload.seek(offset);
            payload.write(1);
        }
    }

    @Test
    void shouldLeaveNothingBehindIfItCannotBeCreated() throws IOException {
        Files.createFile(foam().path().resolve(".writer.1.x.control"));
        List<String> before = foam().list().stream().sorted().toList();
        assertThrows(IOException.class, () -> writer(StreamSpec.of("x", DType.I64, 1)));
        assertEquals(before, foam().list().stream().sorted().toList());
        StreamSpec huge = StreamSpec.of("huge", DType.U8, 1L << 32).slots(1 << 15);
        IOException full = assertThrows(IOException.class, () -> writer(huge));
        assertTrue(full.getMessage().contains("path="), full.getMessage());
        assertEquals(before, foam().list().stream().sorted().toList());
    }
}
