package io.fluxfoam.device.cuda;

import jcuda.driver.CUdeviceptr;

/** A device address as a number, which JCuda keeps to itself: for offsets of our own, descriptors and other libraries. */
final class GpuAddress extends CUdeviceptr {
    /** The null address, or what a call of the driver will put here. */
    GpuAddress() {}

    /** A known address. */
    GpuAddress(long address) {
        super(new CUdeviceptr(), address);
    }

    /** The address. */
    long value() {
        return getNativePointer() + getByteOffset();
    }
}
