package io.fluxfoam.device.cuda;

import io.fluxfoam.device.Device;
import io.fluxfoam.device.FusionContract;

import org.junit.jupiter.api.extension.ExtendWith;

/** The kernels of fusion.cu as gcc compiles them, launched through the stub driver. */
@ExtendWith(StubCuda.class)
class CudaStubFusionTest extends FusionContract {
    @Override
    protected Device device() {
        return Device.of("cuda:0");
    }
}
