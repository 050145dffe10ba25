package io.fluxfoam.device.cuda;

import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUipcMemHandle;
import jcuda.driver.JCudaDriver;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.HexFormat;

/**
 * The 64 bytes by which another process opens a whole allocation. JCuda keeps them in a private
 * field that its native side copies by its length into 64 bytes of stack: it must never get an
 * array of another length.
 */
final class IpcHandle {
    static final int BYTES = 64;

    private static final VarHandle RESERVED = reserved();

    private final byte[] bytes;

    /** A handle that another process wrote. */
    IpcHandle(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("bytes=" + bytes.length + " wanted=" + BYTES);
        }
        this.bytes = bytes.clone();
    }

    private static VarHandle reserved() {
        try {
            return MethodHandles.privateLookupIn(CUipcMemHandle.class, MethodHandles.lookup())
                    .findVarHandle(CUipcMemHandle.class, "reserved", byte[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The handle of an allocation of this process. */
    static IpcHandle of(CUdeviceptr allocation) {
        CUipcMemHandle handle = new CUipcMemHandle();
        CudaException.check(JCudaDriver.cuIpcGetMemHandle(handle, allocation), "cuIpcGetMemHandle");
        return new IpcHandle((byte[]) RESERVED.get(handle));
    }

    /** The bytes to be written for other processes. */
    byte[] bytes() {
        return bytes.clone();
    }

    /** A driver's handle with these bytes. */
    CUipcMemHandle toDriver() {
        CUipcMemHandle handle = new CUipcMemHandle();
        System.arraycopy(bytes, 0, (byte[]) RESERVED.get(handle), 0, BYTES);
        return handle;
    }

    /** Names the handle in maps. */
    String key() {
        return HexFormat.of().formatHex(bytes);
    }
}
