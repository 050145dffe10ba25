package io.fluxfoam.device.cuda;

import jcuda.driver.CUdeviceptr;

/**
 * A device address as a number, which JCuda keeps to itself: for offsets of our own, descriptors
 * and other libraries.
 */
final class GpuAddress extends CUdeviceptr {
    /** The null address, or what a call of the driver will put here. */
    GpuAddress() {}

    /** Becomes this address, for the next call of the driver. */
    GpuAddress at(long address) {
        NativePointer.set(this, address - getByteOffset());
        return this;
    }

    long value() {
        return getNativePointer() + getByteOffset();
    }
}
