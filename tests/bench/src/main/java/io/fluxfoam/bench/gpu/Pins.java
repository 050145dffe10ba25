package io.fluxfoam.bench.gpu;

import io.fluxfoam.device.Buffer;
import io.fluxfoam.device.cuda.CudaDevice;
import io.fluxfoam.device.cuda.CudaException;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * The slots of a stream on the host, pinned at their first use, so that the staged route copies as
 * fast as the device can.
 */
final class Pins implements AutoCloseable {
    private final CudaDevice device;
    private final Map<Long, Buffer> byAddress = new HashMap<>();
    private boolean works = true;

    Pins(CudaDevice device) {
        this.device = device;
    }

    void pin(MemorySegment slot) {
        if (!works || byAddress.containsKey(slot.address())) {
            return;
        }
        try {
            byAddress.put(slot.address(), device.pin(slot));
        } catch (CudaException e) {
            works = false;
            e.printStackTrace();
        }
    }

    /**
     * False if the driver refused once: then copies are from and to pages that it has to stage
     * itself.
     */
    boolean work() {
        return works;
    }

    @Override
    public void close() {
        byAddress.values().forEach(Buffer::close);
    }
}
