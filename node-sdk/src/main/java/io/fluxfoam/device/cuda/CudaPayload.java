package io.fluxfoam.device.cuda;

import io.fluxfoam.device.Device;
import io.fluxfoam.device.DeviceMemory;
import io.fluxfoam.device.Payload;

import java.util.concurrent.atomic.AtomicBoolean;

/** A stream's payload in a GPU's memory, our own or a peer's. */
final class CudaPayload implements Payload {
    private final Device device;
    private final DeviceMemory memory;
    private final Runnable giveBack;
    private final AtomicBoolean closed = new AtomicBoolean();

    CudaPayload(Device device, DeviceMemory memory, Runnable giveBack) {
        this.device = device;
        this.memory = memory;
        this.giveBack = giveBack;
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public DeviceMemory memory() {
        return memory;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            giveBack.run();
        }
    }
}
