package io.fluxfoam.device.cuda;

import io.fluxfoam.device.Device;
import io.fluxfoam.device.DeviceMemory;
import io.fluxfoam.device.Fence;
import io.fluxfoam.device.WorkQueue;
import io.fluxfoam.memory.Words;

import jcuda.driver.CUresult;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A CUDA stream of one thread. Its work is ordered against nothing else in the process, the null
 * stream included. It is destroyed when its thread has ended and the last fence on it is closed.
 */
final class CudaQueue implements WorkQueue {
    private static final int SPINS = 200;
    private static final long NAP_NS = 20_000;

    private final CudaDevice device;
    private final CudaContext context;
    private final GpuStream stream = new GpuStream();
    private final GpuAddress source = new GpuAddress();
    private final GpuAddress target = new GpuAddress();
    private final HostAddress host = new HostAddress();
    private final AtomicInteger users = new AtomicInteger(1); // the thread, and every open fence

    CudaQueue(CudaDevice device) {
        this.device = device;
        this.context = device.context();
        context.enter();
        CudaException.check(
                JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING),
                "cuStreamCreate");
        Thread owner = Thread.currentThread();
        Thread.ofVirtual()
                .name("foam-cuda-end-of-" + owner.getName())
                .start(() -> releaseBehind(owner));
    }

    private void releaseBehind(Thread owner) {
        try {
            owner.join();
            release();
        } catch (InterruptedException e) {
            throw new AssertionError(e); // nobody knows the thread that waits here
        }
    }

    void retain() {
        users.incrementAndGet();
    }

    void release() {
        if (users.decrementAndGet() == 0) {
            context.later(() ->
                    CudaException.check(JCudaDriver.cuStreamDestroy(stream), "cuStreamDestroy"));
        }
    }

    @Override
    public Device device() {
        return device;
    }

    CudaContext context() {
        return context;
    }

    GpuStream stream() {
        return stream;
    }

    @Override
    public void copy(DeviceMemory from, DeviceMemory to, long bytes) {
        if (bytes < 0 || bytes > from.bytes() || bytes > to.bytes()) {
            throw new IndexOutOfBoundsException(
                    "bytes=" + bytes + " fromBytes=" + from.bytes() + " toBytes=" + to.bytes());
        }
        context.enter();
        int code;
        if (from.isHost()) {
            code =
                    JCudaDriver.cuMemcpyHtoDAsync(
                            gpu(target, to), host.at(from.segment()), bytes, stream);
        } else if (to.isHost()) {
            code =
                    JCudaDriver.cuMemcpyDtoHAsync(
                            host.at(to.segment()), gpu(source, from), bytes, stream);
        } else {
            code = JCudaDriver.cuMemcpyDtoDAsync(gpu(target, to), gpu(source, from), bytes, stream);
        }
        CudaException.check(code, "cuMemcpyAsync");
    }

    private static GpuAddress gpu(GpuAddress address, DeviceMemory memory) {
        if (memory.isHost()) {
            throw new IllegalArgumentException(
                    "a GPU's queue copies from or to a GPU: bytes=" + memory.bytes());
        }
        return address.at(memory.address());
    }

    @Override
    public Fence fence(MemorySegment control, Words words) {
        return new CudaFence(this, control);
    }

    @Override
    public boolean isIdle() {
        context.enter();
        int code = JCudaDriver.cuStreamQuery(stream);
        if (code == CUresult.CUDA_ERROR_NOT_READY) {
            return false;
        }
        CudaException.check(code, "cuStreamQuery");
        return true;
    }

    @Override
    public void await(long timeoutNs) {
        long deadlineNs = System.nanoTime() + timeoutNs;
        for (int turn = 0; !isIdle(); turn++) {
            if (turn < SPINS) {
                Thread.onSpinWait();
                continue;
            }
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IllegalStateException(
                        "the device is not done: device="
                                + device.name()
                                + " timeoutNs="
                                + timeoutNs);
            }
            LockSupport.parkNanos(NAP_NS);
        }
    }

    @Override
    public long handle() {
        return stream.handle();
    }
}
