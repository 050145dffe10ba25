package io.fluxfoam.device;

import io.fluxfoam.memory.MappedFile;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/**
 * Payloads in memory-mapped shared files: real memory from the start, page by page touched before
 * the first use.
 */
final class HostDevice implements Device {
    static final HostDevice INSTANCE = new HostDevice();

    private static final long LINE_BYTES = 64;

    private final WorkQueue queue = new HostQueue(this);
    private final FusionKernels fusion = new HostFusionKernels();

    private HostDevice() {}

    @Override
    public String name() {
        return HOST;
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
            throw new IOException(
                    "payload has another size: path="
                            + file
                            + " bytes="
                            + actual
                            + " wanted="
                            + bytes);
        }
        return new Mapped(mapped.populate());
    }

    @Override
    public WorkQueue queue() {
        return queue;
    }

    @Override
    public Buffer allocate(long bytes) {
        Arena arena = Arena.ofShared();
        return new Allocated(arena, DeviceMemory.ofHost(arena.allocate(bytes, LINE_BYTES)));
    }

    @Override
    public Buffer allocateHost(long bytes) {
        return allocate(bytes);
    }

    @Override
    public FusionKernels fusion() {
        return fusion;
    }

    private record Allocated(Arena arena, DeviceMemory memory) implements Buffer {
        @Override
        public void close() {
            if (arena.scope().isAlive()) {
                arena.close();
            }
        }
    }

    private record Mapped(MappedFile file, DeviceMemory memory) implements Payload {
        private Mapped(MappedFile file) {
            this(file, DeviceMemory.ofHost(file.segment()));
        }

        @Override
        public Device device() {
            return INSTANCE;
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
