package io.fluxfoam.device.cuda;

import io.fluxfoam.device.Device;
import io.fluxfoam.device.FusionContract;

import org.junit.jupiter.api.Tag;

/** The kernels on a GPU. */
@Tag("gpu")
class CudaGpuFusionTest extends FusionContract {
    @Override
    protected Device device() {
        return Device.of("cuda:0");
    }
}
