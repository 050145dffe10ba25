package io.fluxfoam.tests.loop;

import io.fluxfoam.device.cuda.CudaDevice;

import org.junit.jupiter.api.Tag;

import java.util.Map;

/** The loop on a GPU, whose driver says only how much of its memory is free. */
@Tag("gpu")
class CudaGpuLoopTest extends GpuLoopContract {
    /** Contexts and what others use come and go by less than an arena. */
    private static final long TOLERANCE_BYTES = 32L << 20;

    private final long freeBefore = CudaDevice.of(0).freeBytes();

    @Override
    Map<String, String> environment() {
        return Map.of();
    }

    @Override
    void note(LiveLoop loop, String node) {}

    @Override
    boolean hasMemoryOfTheDead() {
        return false; // nobody can see whose memory a process has open
    }

    @Override
    boolean isMemoryBack() {
        return CudaDevice.of(0).freeBytes() > freeBefore - TOLERANCE_BYTES;
    }
}
