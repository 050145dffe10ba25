package io.fluxfoam.device;

/** The kernels in Java. */
class HostFusionTest extends FusionContract {
    @Override
    protected Device device() {
        return Device.of("host");
    }
}
