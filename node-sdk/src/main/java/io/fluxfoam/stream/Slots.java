package io.fluxfoam.stream;

import java.lang.foreign.MemorySegment;

/** The slots of a payload, sliced once so that using one allocates nothing. */
final class Slots {
    private Slots() {}

    static MemorySegment[] slice(MemorySegment payload, StreamHeader header) {
        MemorySegment[] slots = new MemorySegment[header.spec().slots()];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = payload.asSlice(header.slotStride() * i, header.spec().slotBytes());
        }
        return slots;
    }
}
