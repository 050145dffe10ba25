package io.fluxfoam.device.cuda;

import io.fluxfoam.device.Device;

import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Kernels from PTX text, compiled by the driver for its device (and kept in its own cache).
 * Thread-safe. Closing unloads them, once no queued work uses them.
 */
public final class CudaModule implements AutoCloseable {
    private final CudaContext context;
    private final CUmodule module;
    private final String name;

    private CudaModule(CudaContext context, CUmodule module, String name) {
        this.context = context;
        this.module = module;
        this.name = name;
    }

    /**
     * Loads a resource.
     *
     * @param device a device of CUDA
     * @param anchor class whose package the resource is in
     * @param name of the resource, a PTX text
     */
    public static CudaModule ofResource(Device device, Class<?> anchor, String name) {
        CudaContext context = ((CudaDevice) device).context();
        String ptx = read(anchor, name);
        CUmodule module =
                context.call(() -> {
                    CUmodule loaded = new CUmodule();
                    CudaException.check(
                            JCudaDriver.cuModuleLoadData(loaded, ptx),
                            "cuModuleLoadData",
                            "name=" + name);
                    return loaded;
                });
        return new CudaModule(context, module, name);
    }

    private static String read(Class<?> anchor, String name) {
        try (InputStream in = anchor.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException(
                        "no such resource: name=" + name + " beside=" + anchor.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A kernel with a block of arguments of its own, for one thread.
     *
     * @param argumentBytes size of each parameter
     */
    public CudaKernel kernel(String kernelName, List<Integer> argumentBytes) {
        CUfunction function =
                context.call(() -> {
                    CUfunction found = new CUfunction();
                    CudaException.check(
                            JCudaDriver.cuModuleGetFunction(found, module, kernelName),
                            "cuModuleGetFunction",
                            "module=" + name + " kernel=" + kernelName);
                    return found;
                });
        return new CudaKernel(kernelName, function, argumentBytes);
    }

    @Override
    public void close() {
        context.later(
                () -> CudaException.check(JCudaDriver.cuModuleUnload(module), "cuModuleUnload"));
    }
}
