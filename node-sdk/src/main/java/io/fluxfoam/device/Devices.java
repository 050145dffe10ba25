package io.fluxfoam.device;

import io.fluxfoam.device.cuda.CudaDevice;
import io.fluxfoam.device.cuda.CudaProbe;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/** Devices by their names. Looks for CUDA only when a name asks for it. */
final class Devices {
    private static final Pattern CUDA = Pattern.compile("cuda:[0-9]{1,3}");
    private static final AtomicBoolean SAID_WHY_AUTO_IS_HOST = new AtomicBoolean();

    private Devices() {}

    static boolean isName(String name) {
        return name.equals(Device.HOST) || CUDA.matcher(name).matches();
    }

    static Device of(String name) {
        String resolved = resolve(name);
        return resolved.equals(Device.HOST)
                ? HostDevice.INSTANCE
                : CudaDevice.of(ordinal(resolved));
    }

    static String resolve(String name) {
        if (name.equals(Device.HOST)) {
            return name;
        }
        boolean isAny = name.equals("auto");
        if (!isAny && !CUDA.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "no such device: device=" + name + " known=host,cuda:N,auto");
        }
        CudaProbe probe = CudaProbe.get();
        if (isAny) {
            return probe.isReady() ? "cuda:0" : hostInsteadOf(probe);
        }
        if (!probe.isReady()) {
            throw new IllegalArgumentException(
                    "device is not available: device=" + name + " " + reason(probe));
        }
        if (ordinal(name) >= probe.devices().size()) {
            throw new IllegalArgumentException(
                    "device is not available: device="
                            + name
                            + " devices="
                            + probe.devices().size());
        }
        return "cuda:" + ordinal(name);
    }

    private static int ordinal(String cuda) {
        return Integer.parseInt(cuda.substring(cuda.indexOf(':') + 1));
    }

    private static String hostInsteadOf(CudaProbe probe) {
        if (SAID_WHY_AUTO_IS_HOST.compareAndSet(false, true)) {
            System.err.println("device auto is host: " + reason(probe));
        }
        return Device.HOST;
    }

    private static String reason(CudaProbe probe) {
        return "cuda=" + probe.status() + " (" + probe.detail() + ")";
    }

    static Payload openPayload(String device, Path file, long bytes) throws IOException {
        if (device.equals(Device.HOST)) {
            return HostDevice.INSTANCE.open(file, bytes);
        }
        CudaProbe probe = CudaProbe.get();
        if (!CUDA.matcher(device).matches() || !probe.isReady()) {
            throw new IOException(
                    "cannot read memory of this device here: device="
                            + device
                            + " "
                            + reason(probe)
                            + " path="
                            + file);
        }
        return CudaDevice.of(0).open(file, bytes);
    }
}
