package io.fluxfoam.bench.transport;

import java.lang.foreign.MemorySegment;

/** Memory of other libraries that is known by its address only. */
final class RawMemory {
    private RawMemory() {}

    /** The bytes there; valid as long as the library says so. */
    @SuppressWarnings(
            "restricted") // Aeron and Chronicle map their files themselves and give out addresses
    static MemorySegment at(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }
}
