package io.fluxfoam.device.cuda;

import io.fluxfoam.device.DeviceException;

import jcuda.driver.CUresult;

import java.io.Serial;

/**
 * A call of the CUDA driver failed. The message has the call, the name and number of the code, and
 * the values that the call was made with.
 */
public final class CudaException extends DeviceException {
    @Serial private static final long serialVersionUID = 1L;

    /** A failed call; {@code values} are {@code name=value} words, or empty. */
    CudaException(String call, int code, String values) {
        super(
                call
                        + " failed: "
                        + CUresult.stringFor(code)
                        + " code="
                        + code
                        + (values.isEmpty() ? "" : " " + values));
    }

    /** Does nothing if the code says success. */
    static void check(int code, String call) {
        if (code != CUresult.CUDA_SUCCESS) {
            throw new CudaException(call, code, "");
        }
    }

    /**
     * Does nothing if the code says success; {@code values} goes into the message. Not for the data
     * plane: it allocates.
     */
    static void check(int code, String call, String values) {
        if (code != CUresult.CUDA_SUCCESS) {
            throw new CudaException(call, code, values);
        }
    }
}
