package io.fluxfoam.device.cuda;

import jcuda.driver.CUstream;

/** A CUDA stream whose native handle other libraries can be told. */
final class GpuStream extends CUstream {
    /** The native {@code CUstream}. */
    long handle() {
        return getNativePointer();
    }
}
