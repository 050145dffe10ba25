package io.fluxfoam.device.cuda;

import io.fluxfoam.device.Fence;

import jcuda.driver.CUstreamWaitValue_flags;
import jcuda.driver.JCudaDriver;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/**
 * Words of a mapped control file as a GPU writes them and waits for them: the pages are pinned and
 * the GPU has addresses of its own for them. The driver fences before it writes, so what the
 * queue's work stored is visible to whoever sees the word. A device without 64-bit stream memory
 * operations stamps by a kernel, and cannot wait.
 */
final class CudaFence implements Fence {
    private static final long PAGE_BYTES = 4096;
    private static final long CLOSE_TIMEOUT_NS = 10_000_000_000L;

    private final CudaQueue queue;
    private final HostAddress control;
    private final long address;
    private final GpuAddress word = new GpuAddress();
    private final @Nullable CudaKernel stamp;
    private boolean open = true;

    CudaFence(CudaQueue queue, MemorySegment segment) {
        this.queue = queue;
        this.control = new HostAddress().at(segment);
        boolean writes = queue.context().facts().streamMemoryOperations();
        CudaDevice device = (CudaDevice) queue.device();
        this.stamp = writes ? null : CudaFusionKernels.kernel(device.fusionModule(), "stamp");
        long bytes =
                Math.ceilDiv(segment.byteSize(), PAGE_BYTES) * PAGE_BYTES; // pages are mapped whole
        this.address = queue.context().call(() -> register(bytes));
        queue.retain();
    }

    private long register(long bytes) {
        int flags =
                JCudaDriver.CU_MEMHOSTREGISTER_DEVICEMAP | JCudaDriver.CU_MEMHOSTREGISTER_PORTABLE;
        CudaException.check(
                JCudaDriver.cuMemHostRegister(control, bytes, flags),
                "cuMemHostRegister",
                "bytes=" + bytes + " (the foam must be in /dev/shm)");
        GpuAddress onDevice = new GpuAddress();
        int code = JCudaDriver.cuMemHostGetDevicePointer(onDevice, control, 0);
        if (code != 0) {
            JCudaDriver.cuMemHostUnregister(
                    control); // whatever it says: the first failure is the one to tell
            throw new CudaException("cuMemHostGetDevicePointer", code, "bytes=" + bytes);
        }
        return onDevice.value();
    }

    @Override
    public void store(long offset, long value) {
        if (stamp != null) {
            stamp.argument(0, address + offset).argument(1, value).launch(queue, 1, 1, 1);
            return;
        }
        queue.context().enter();
        int code =
                JCudaDriver.cuStreamWriteValue64(
                        queue.stream(), word.at(address + offset), value, 0);
        CudaException.check(code, "cuStreamWriteValue64");
    }

    @Override
    public boolean canAwait() {
        return stamp == null;
    }

    @Override
    public void awaitAtLeast(long offset, long value) {
        if (stamp != null) {
            throw new UnsupportedOperationException(
                    "device cannot wait for a word: device=" + queue.device().name());
        }
        queue.context().enter();
        int code =
                JCudaDriver.cuStreamWaitValue64(
                        queue.stream(),
                        word.at(address + offset),
                        value,
                        CUstreamWaitValue_flags.CU_STREAM_WAIT_VALUE_GEQ);
        CudaException.check(code, "cuStreamWaitValue64");
    }

    @Override
    public boolean isImmediate() {
        return false;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            queue.await(CLOSE_TIMEOUT_NS); // a store that is still to come must find its page
            queue.context()
                    .call(() -> {
                        CudaException.check(
                                JCudaDriver.cuMemHostUnregister(control), "cuMemHostUnregister");
                        return null;
                    });
            queue.release();
        }
    }
}
