package io.fluxfoam.device.cuda;

import io.fluxfoam.device.WorkQueue;

import jcuda.NativePointerObject;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.JCudaDriver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A kernel and the arguments of its next launch, which copies them. Belongs to one thread. */
public final class CudaKernel {
    private final String name;
    private final CUfunction function;
    private final ByteBuffer[] arguments;
    private final Pointer pointers;

    CudaKernel(String name, CUfunction function, List<Integer> argumentBytes) {
        this.name = name;
        this.function = function;
        this.arguments = new ByteBuffer[argumentBytes.size()];
        NativePointerObject[] targets = new NativePointerObject[argumentBytes.size()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] =
                    ByteBuffer.allocateDirect(argumentBytes.get(i)).order(ByteOrder.nativeOrder());
            targets[i] = Pointer.to(arguments[i]);
        }
        this.pointers = Pointer.to(targets);
    }

    /** Sets an argument of 64 bits: a number or a device address. */
    public CudaKernel argument(int index, long value) {
        arguments[index].putLong(0, value);
        return this;
    }

    /** Sets an argument of 32 bits. */
    public CudaKernel argument(int index, int value) {
        arguments[index].putInt(0, value);
        return this;
    }

    /** Sets an argument of 32 bits. */
    public CudaKernel argument(int index, float value) {
        arguments[index].putFloat(0, value);
        return this;
    }

    /** An argument that is a structure, to be filled. */
    ByteBuffer argument(int index) {
        return arguments[index];
    }

    /** Queues a launch of {@code gridX x gridY} blocks of this many threads. */
    public void launch(WorkQueue queue, int gridX, int gridY, int threads) {
        CudaQueue cuda = (CudaQueue) queue;
        cuda.context().enter();
        int code =
                JCudaDriver.cuLaunchKernel(
                        function, gridX, gridY, 1, threads, 1, 1, 0, cuda.stream(), pointers, null);
        if (code != 0) {
            throw new CudaException(
                    "cuLaunchKernel",
                    code,
                    "kernel=" + name + " grid=" + gridX + "x" + gridY + " threads=" + threads);
        }
    }
}
