package io.fluxfoam.device.cuda;

import jcuda.Pointer;

import java.lang.foreign.MemorySegment;

/**
 * An address of the host for a call of the driver. Whoever makes it keeps the memory alive for as
 * long as the call.
 */
final class HostAddress extends Pointer {
    /** The null address, or what a call of the driver will put here. */
    HostAddress() {}

    /** Becomes the address at which a segment of native memory begins. */
    HostAddress at(MemorySegment segment) {
        if (!segment.isNative()) {
            throw new IllegalArgumentException("not native memory: " + segment);
        }
        NativePointer.set(this, segment.address() - getByteOffset());
        return this;
    }

    long value() {
        return getNativePointer() + getByteOffset();
    }
}
