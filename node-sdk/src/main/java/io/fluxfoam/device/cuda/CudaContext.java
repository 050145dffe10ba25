package io.fluxfoam.device.cuda;

import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The primary context of one device in this process. The driver keeps a context current for each
 * thread of the operating system, so whoever calls the driver calls {@link #enter} first; calls
 * that may take long (allocating, opening and closing memory, compiling kernels) are made by one
 * platform thread of the context's own.
 */
final class CudaContext {
    /** Compiling kernels for a new driver is the longest of what it does. */
    private static final long CALL_TIMEOUT_SECONDS = 60;

    private final CudaFacts facts;
    private final CUcontext context = new CUcontext();
    private final ExecutorService thread;
    private volatile @Nullable Thread threadItself;

    /** Retains the context for the life of the process. */
    CudaContext(CudaFacts facts) {
        this.facts = facts;
        this.thread = Executors.newSingleThreadExecutor(this::newThread);
        CUdevice device = new CUdevice();
        CudaException.check(
                JCudaDriver.cuDeviceGet(device, facts.ordinal()),
                "cuDeviceGet",
                "ordinal=" + facts.ordinal());
        CudaException.check(
                JCudaDriver.cuDevicePrimaryCtxRetain(context, device),
                "cuDevicePrimaryCtxRetain",
                "device=" + facts.name());
    }

    private Thread newThread(Runnable work) {
        Thread platform =
                Thread.ofPlatform().daemon().name("foam-cuda-" + facts.ordinal()).unstarted(work);
        threadItself = platform;
        return platform;
    }

    /** What the driver says about the device. */
    CudaFacts facts() {
        return facts;
    }

    /**
     * Makes the context the calling thread's. Other libraries may have changed that, so it is done
     * before every call.
     */
    void enter() {
        CudaException.check(JCudaDriver.cuCtxSetCurrent(context), "cuCtxSetCurrent");
    }

    /**
     * Does something on the context's own thread and waits for the result.
     *
     * @throws IllegalStateException if there is none after a minute
     */
    <T> T call(Supplier<T> work) {
        if (Thread.currentThread() == threadItself) {
            return entered(work);
        }
        try {
            return thread.submit(() -> entered(work)).get(CALL_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "the device does not answer: device="
                            + facts.name()
                            + " seconds="
                            + CALL_TIMEOUT_SECONDS,
                    e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                failure.addSuppressed(
                        new IllegalStateException(
                                "called from " + Thread.currentThread().getName()));
                throw failure;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "interrupted while the device works: device=" + facts.name(), e);
        }
    }

    /** Does something on the context's own thread some time later. */
    void later(Runnable work) {
        thread.execute(() -> {
            enter();
            work.run();
        });
    }

    private <T> T entered(Supplier<T> work) {
        enter();
        return work.get();
    }
}
