package io.fluxfoam.device.cuda;

import jcuda.JCudaVersion;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.List;

/**
 * What this process can do with CUDA, found out once. Never fails and never crashes: where there is
 * no driver, no class of the binding is touched and no native library of ours is loaded.
 * Thread-safe.
 *
 * @param status whether a device can be used, or what is missing
 * @param detail one line for a person
 * @param driverVersion CUDA version of the driver, as {@code 1000 * major + 10 * minor}; 0 if there
 *     is none
 * @param devices what there is, by ordinal; empty unless READY
 */
public record CudaProbe(
        CudaStatus status, String detail, int driverVersion, List<CudaFacts> devices) {
    /** Oldest driver that has every call that is made here: CUDA 12.0. */
    public static final int LEAST_DRIVER_VERSION = 12_000;

    /** System property: the driver's library where the loader does not find it by itself. */
    public static final String DRIVER_PROPERTY = "foam.cuda.driver";

    private static final String DRIVER = "libcuda.so.1";

    private static @Nullable CudaProbe result;

    /** Probes at the first call. */
    public static synchronized CudaProbe get() {
        if (result == null) {
            result = probe();
        }
        return result;
    }

    /**
     * The options with which a JVM uses the driver that this one was told of; none if it was told
     * of none.
     */
    public static List<String> driverOptions() {
        String driver = System.getProperty(DRIVER_PROPERTY);
        return driver == null ? List.of() : List.of("-D" + DRIVER_PROPERTY + "=" + driver);
    }

    /** Whether a device can be used. */
    public boolean isReady() {
        return status == CudaStatus.READY;
    }

    private static CudaProbe probe() {
        String driver = System.getProperty(DRIVER_PROPERTY, DRIVER);
        if (!loadsDriver(driver)) {
            return absent(CudaStatus.NO_DRIVER, driver + " does not load");
        }
        try {
            bind();
            return ask();
        } catch (CudaException e) { // a sick device: the driver is there, and says so
            return absent(CudaStatus.NO_DEVICE, reason(e));
        } catch (IOException | LinkageError e) {
            return absent(CudaStatus.NO_BINDING, reason(e));
        }
    }

    private static String reason(Throwable error) {
        return error.getMessage() == null
                ? error.toString()
                : error.getMessage().lines().findFirst().orElse("");
    }

    /**
     * The driver first, and by its own name: a binding that does not find it would fail only later,
     * and for good.
     */
    @SuppressWarnings("restricted") // dlopen of the driver, which stays for the life of the process
    private static boolean loadsDriver(String driver) {
        try {
            if (driver.indexOf('/') < 0) {
                SymbolLookup.libraryLookup(driver, Arena.global());
            } else {
                SymbolLookup.libraryLookup(Path.of(driver).toAbsolutePath(), Arena.global());
            }
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Loads the binding. JCuda would write its library into {@code java.io.tmpdir} with an
     * exists-then-write that kills processes that start at the same time; finding it there already,
     * it does not.
     */
    private static void bind() throws IOException {
        String name = "/lib/libJCudaDriver-" + JCudaVersion.get() + "-linux-x86_64.so";
        Path directory = NativeLibrary.ofResource(name).install(NativeLibrary.defaultCache());
        String before = System.getProperty("java.io.tmpdir");
        System.setProperty("java.io.tmpdir", directory.toString());
        try {
            JCudaDriver.setExceptionsEnabled(false);
        } finally {
            System.setProperty("java.io.tmpdir", before);
        }
    }

    private static CudaProbe ask() {
        int[] version = new int[1];
        int[] count = new int[1];
        int code = JCudaDriver.cuInit(0);
        if (code == CUresult.CUDA_SUCCESS) {
            code = JCudaDriver.cuDriverGetVersion(version);
        }
        if (code == CUresult.CUDA_SUCCESS) {
            code = JCudaDriver.cuDeviceGetCount(count);
        }
        if (code == CUresult.CUDA_ERROR_NO_DEVICE
                || code == CUresult.CUDA_SUCCESS && count[0] == 0) {
            return absent(CudaStatus.NO_DEVICE, "the driver has no device for this process");
        }
        if (code != CUresult.CUDA_SUCCESS) {
            return absent(
                    CudaStatus.NO_DRIVER, "the driver does not start: " + CUresult.stringFor(code));
        }
        if (version[0] < LEAST_DRIVER_VERSION) {
            return absent(
                    CudaStatus.NO_DRIVER,
                    "driver is too old: version=" + version[0] + " least=" + LEAST_DRIVER_VERSION);
        }
        List<CudaFacts> devices = CudaFacts.all(count[0]);
        String detail =
                devices.size()
                        + (devices.size() == 1 ? " device: " : " devices: ")
                        + devices.getFirst().name();
        return new CudaProbe(CudaStatus.READY, detail, version[0], devices);
    }

    private static CudaProbe absent(CudaStatus status, String detail) {
        return new CudaProbe(status, detail, 0, List.of());
    }
}
