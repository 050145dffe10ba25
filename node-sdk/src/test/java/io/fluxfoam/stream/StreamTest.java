package io.fluxfoam.stream;

import io.fluxfoam.device.Device;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

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
}
