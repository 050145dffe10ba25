package io.fluxfoam.device.cuda;

import io.fluxfoam.device.Buffer;
import io.fluxfoam.device.Device;
import io.fluxfoam.device.DeviceMemory;
import io.fluxfoam.device.FusionKernels;
import io.fluxfoam.device.Payload;
import io.fluxfoam.device.WorkQueue;

import jcuda.driver.JCudaDriver;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A GPU. Streams' payloads are cut from arenas that other processes open through CUDA IPC handles,
 * so all nodes of a foam must be one user's processes in one pid namespace, and MPS must be off.
 * Thread-safe; there is one for each GPU and process.
 */
public final class CudaDevice implements Device {
    private static final Map<Integer, CudaDevice> BY_ORDINAL = new HashMap<>();

    private final String name;
    private final CudaContext context;
    private final CudaArenas arenas = new CudaArenas();
    private final CudaMappings mappings = new CudaMappings();
    private final ThreadLocal<CudaQueue> queues = ThreadLocal.withInitial(this::newQueue);
    private final ThreadLocal<CudaFusionKernels> fusions = ThreadLocal.withInitial(this::newFusion);
    private @Nullable CudaModule fusionModule;

    private CudaDevice(CudaFacts facts) {
        this.name = "cuda:" + facts.ordinal();
        this.context = new CudaContext(facts);
    }

    /** The device of this ordinal. {@link CudaProbe#get()} must have listed it. */
    public static CudaDevice of(int ordinal) {
        synchronized (BY_ORDINAL) {
            return BY_ORDINAL.computeIfAbsent(
                    ordinal, number -> new CudaDevice(CudaProbe.get().devices().get(number)));
        }
    }

    @Override
    public String name() {
        return name;
    }

    /** What the driver says about it. */
    public CudaFacts facts() {
        return context.facts();
    }

    /** Its memory that no process has taken. */
    public long freeBytes() {
        return context.call(CudaArenas::freeBytes);
    }

    CudaContext context() {
        return context;
    }

    @Override
    public Payload create(Path file, long bytes) throws IOException {
        CudaArenas.Exported exported = context.call(() -> arenas.allocate(bytes));
        new PayloadDescriptor(
                        facts().uuid(),
                        exported.handle(),
                        exported.arenaBytes(),
                        exported.offset(),
                        exported.bytes())
                .write(file);
        DeviceMemory memory =
                DeviceMemory.ofGpu(name, exported.address() + exported.offset(), bytes);
        return new CudaPayload(this, memory, () -> {}); // an arena lives as long as the process
    }

    @Override
    public Payload open(Path file, long bytes) throws IOException {
        PayloadDescriptor descriptor = PayloadDescriptor.read(file);
        if (descriptor.bytes() != bytes) {
            throw new IOException(
                    "payload has another size: path="
                            + file
                            + " bytes="
                            + descriptor.bytes()
                            + " wanted="
                            + bytes);
        }
        for (CudaFacts facts : CudaProbe.get().devices()) {
            if (facts.uuid().equals(descriptor.uuid())) {
                return of(facts.ordinal()).open(file, descriptor);
            }
        }
        throw new IOException(
                "the payload's device is not visible to this process: path="
                        + file
                        + " uuid="
                        + descriptor.uuid()
                        + " devices="
                        + CudaProbe.get().devices().size());
    }

    private Payload open(Path file, PayloadDescriptor descriptor) throws IOException {
        try {
            return context.call(() -> open(descriptor));
        } catch (CudaException e) {
            // whatever the code: a handle that does not open is that of a process that is gone
            throw new IOException(
                    "cannot open a peer's GPU memory: path=" + file + " " + e.getMessage(), e);
        }
    }

    private Payload open(PayloadDescriptor descriptor) {
        IpcHandle handle = descriptor.handle();
        long own = arenas.addressOf(handle);
        long arena = own != 0 ? own : mappings.open(handle, descriptor.arenaBytes());
        DeviceMemory memory =
                DeviceMemory.ofGpu(name, arena + descriptor.offset(), descriptor.bytes());
        Runnable giveBack = own != 0 ? () -> {} : () -> context.later(() -> mappings.close(handle));
        return new CudaPayload(this, memory, giveBack);
    }

    @Override
    public WorkQueue queue() {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException(
                    "a virtual thread has no CUDA context of its own: thread="
                            + Thread.currentThread());
        }
        return queues.get();
    }

    private CudaQueue newQueue() {
        return new CudaQueue(this);
    }

    @Override
    public FusionKernels fusion() {
        queue();
        return fusions.get();
    }

    private CudaFusionKernels newFusion() {
        return new CudaFusionKernels(fusionModule(), queues.get());
    }

    /** The kernels of the fabric, compiled by the driver at their first use. */
    synchronized CudaModule fusionModule() {
        if (fusionModule == null) {
            fusionModule = CudaModule.ofResource(this, CudaDevice.class, "fusion.ptx");
        }
        return fusionModule;
    }

    @Override
    public Buffer allocate(long bytes) {
        return context.call(() -> allocateOnGpu(bytes));
    }

    private Buffer allocateOnGpu(long bytes) {
        GpuAddress address = CudaArenas.allocateZeroed(bytes);
        return new CudaBuffer(
                DeviceMemory.ofGpu(name, address.value(), bytes),
                () ->
                        context.later(() ->
                                CudaException.check(JCudaDriver.cuMemFree(address), "cuMemFree")));
    }

    @Override
    public Buffer allocateHost(long bytes) {
        return context.call(() -> allocatePinned(bytes));
    }

    /**
     * Pins pages that this process has mapped, until it is closed: the device then copies from and
     * to them at full speed.
     *
     * @throws CudaException if the driver cannot; not every one can pin pages that may only be read
     */
    public Buffer pin(MemorySegment pages) {
        HostAddress address = new HostAddress().at(pages);
        int flags =
                JCudaDriver.CU_MEMHOSTREGISTER_PORTABLE
                        | (pages.isReadOnly() ? JCudaDriver.CU_MEMHOSTREGISTER_READ_ONLY : 0);
        context.call(() ->
                checked(
                        JCudaDriver.cuMemHostRegister(address, pages.byteSize(), flags),
                        "cuMemHostRegister"));
        return new CudaBuffer(
                DeviceMemory.ofHost(pages),
                () ->
                        context.call(() ->
                                checked(
                                        JCudaDriver.cuMemHostUnregister(address),
                                        "cuMemHostUnregister")));
    }

    private static Void checked(int code, String call) {
        CudaException.check(code, call);
        return null;
    }

    @SuppressWarnings(
            "restricted") // memory that the driver allocated: its size is the one asked for
    private Buffer allocatePinned(long bytes) {
        HostAddress address = new HostAddress();
        CudaException.check(
                JCudaDriver.cuMemHostAlloc(address, bytes, JCudaDriver.CU_MEMHOSTALLOC_PORTABLE),
                "cuMemHostAlloc",
                "bytes=" + bytes);
        MemorySegment segment = MemorySegment.ofAddress(address.value()).reinterpret(bytes);
        segment.fill((byte) 0);
        return new CudaBuffer(
                DeviceMemory.ofHost(segment),
                () ->
                        context.later(() ->
                                CudaException.check(
                                        JCudaDriver.cuMemFreeHost(address), "cuMemFreeHost")));
    }
}
