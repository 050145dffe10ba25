package io.fluxfoam.device.cuda;

import java.lang.foreign.MemorySegment;
import jcuda.Pointer;

/** An address of the host for a call of the driver. Whoever makes it keeps the memory alive for as long as the call. */
final class HostAddress extends Pointer {
    /** The null address, or what a call of the driver will put here. */
    HostAddress() {}

    /** Where a segment of native memory begins. */
    HostAddress(MemorySegment segment) {
        super(segment.address());
        if (!segment.isNative()) {
            throw new IllegalArgumentException("not native memory: " + segment);
        }
    }

    /** The address. */
    long value() {
        return getNativePointer() + getByteOffset();
    }
}
