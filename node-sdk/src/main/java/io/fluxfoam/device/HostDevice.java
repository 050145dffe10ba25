package io.fluxfoam.device;

import io.fluxfoam.memory.MappedFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Payloads in memory-mapped shared files: real memory from the start, page by page touched before the first use. */
final class HostDevice implements Device {
    static final HostDevice INSTANCE = new HostDevice();

    private HostDevice() {}

    @Override
    public String name() {
        return "host";
    }

    @Override
    public Payload create(Path file, long bytes) throws IOException {
        return new Mapped(MappedFile.create(file, bytes).populate());
    }

    @Override
    public Payload open(Path file, long bytes) throws IOException {
        MappedFile mapped = MappedFile.openReadOnly(file);
        if (mapped.bytes() != bytes) {
            long actual = mapped.bytes();
            mapped.close();
            throw new IOException("payload has another size: path=" + file + " bytes=" + actual + " wanted=" + bytes);
        }
        return new Mapped(mapped.populate());
    }

    private record Mapped(MappedFile file) implements Payload {
        @Override
        public MemorySegment segment() {
            return file.segment();
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
