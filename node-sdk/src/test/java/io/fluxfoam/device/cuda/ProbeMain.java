package io.fluxfoam.device.cuda;

import io.fluxfoam.device.Device;

/**
 * Says in one line what the probe found, then what a device of this name is or why it is not there.
 */
public final class ProbeMain {
    private ProbeMain() {}

    public static void main(String[] args) {
        CudaProbe probe = CudaProbe.get();
        System.out.println(
                "probe " + probe.status() + " " + probe.driverVersion() + " " + probe.detail());
        for (String name : args) {
            try {
                System.out.println("device " + Device.of(name).name());
            } catch (IllegalArgumentException e) {
                System.out.println("refused " + e.getMessage());
            }
        }
    }
}
