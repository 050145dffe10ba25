package io.fluxfoam.cli;

import io.fluxfoam.cli.Doctor.Finding;
import io.fluxfoam.device.Device;
import io.fluxfoam.device.Payload;
import io.fluxfoam.device.cuda.CudaFacts;
import io.fluxfoam.device.cuda.CudaProbe;
import io.fluxfoam.device.cuda.CudaStatus;
import io.fluxfoam.launch.Commands;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * What stands between this machine and streams in a GPU's memory: the driver, a device, our
 * binding, and the permission to open another process's memory, which is tried out with a process
 * of its own where there is a device.
 */
final class GpuDoctor {
    private static final String GIVES = "streams in VRAM (--device cuda:0): ";
    private static final String NOT_TRIED = "not tried: ";
    private static final long BYTES = 4096;
    private static final long CHILD_TIMEOUT_SECONDS = 60;

    private final CudaProbe probe;

    GpuDoctor(CudaProbe probe) {
        this.probe = probe;
    }

    /**
     * Opens the payload whose file is the argument, as a reader in another process would; exit code
     * 0 if it can.
     */
    static final class Opener {
        private Opener() {}

        public static void main(String[] args) {
            try (Payload payload = Device.openPayload(args[0], Path.of(args[1]), BYTES)) {
                System.out.println(payload.memory().device());
            } catch (IOException | RuntimeException e) {
                System.out.println(Commands.reason(e));
                Runtime.getRuntime().halt(1);
            }
        }
    }

    List<Finding> examine() throws IOException {
        return List.of(driver(), device(), binding(), sharing());
    }

    private boolean isAtLeast(CudaStatus... statuses) {
        return List.of(statuses).contains(probe.status());
    }

    private Finding driver() {
        boolean present = !isAtLeast(CudaStatus.NO_DRIVER);
        String version =
                probe.driverVersion() == 0
                        ? "libcuda.so.1 loads"
                        : "CUDA "
                                + probe.driverVersion() / 1000
                                + "."
                                + probe.driverVersion() % 1000 / 10;
        return finding(
                "gpu driver",
                present,
                present ? version : probe.detail(),
                "install NVIDIA's driver, R525 (CUDA 12.0) or newer; in a container: --gpus all with NVIDIA's toolkit");
    }

    private Finding device() {
        String detail =
                switch (probe.status()) {
                    case READY ->
                            probe.devices().stream()
                                    .map(GpuDoctor::text)
                                    .collect(Collectors.joining("; "));
                    case NO_DEVICE -> probe.detail();
                    case NO_DRIVER -> NOT_TRIED + "no driver";
                    case NO_BINDING -> NOT_TRIED + "no binding";
                };
        return finding(
                "gpu device",
                probe.isReady(),
                detail,
                "a GPU of Pascal or newer that this process may use (see CUDA_VISIBLE_DEVICES, --gpus)");
    }

    private static String text(CudaFacts device) {
        return String.format(
                Locale.ROOT,
                "cuda:%d %s, %s, compute %d.%d, stamps by %s",
                device.ordinal(),
                device.name(),
                Text.bytes(device.totalBytes()),
                device.computeMajor(),
                device.computeMinor(),
                device.streamMemoryOperations()
                        ? "stream memory operations"
                        : "a kernel (no gpu waits)");
    }

    private Finding binding() {
        boolean present = isAtLeast(CudaStatus.READY, CudaStatus.NO_DEVICE);
        String detail =
                switch (probe.status()) {
                    case READY, NO_DEVICE -> "libJCudaDriver is loaded";
                    case NO_BINDING -> probe.detail();
                    case NO_DRIVER -> NOT_TRIED + "no driver";
                };
        return finding(
                "gpu binding",
                present,
                detail,
                "a folder of ours alone for its library: -Dfoam.native.cache=DIR, or ~/.cache");
    }

    private Finding sharing() throws IOException {
        String advice =
                "one user, one pid namespace for all nodes (docker run --pid, --ipc), no MIG, no MPS, no WSL";
        if (!probe.isReady()) {
            return finding("gpu ipc", false, NOT_TRIED + "no device", advice);
        }
        if (!probe.devices().getFirst().unifiedAddressing()) {
            return finding("gpu ipc", false, "the device has no unified addressing", advice);
        }
        Path directory = Files.createTempDirectory("foam-doctor-");
        Path file = directory.resolve("payload");
        try (Payload own = Device.of("cuda:0").create(file, BYTES)) {
            String answer = openedElsewhere(own.memory().device(), file);
            boolean opened = answer.equals(own.memory().device());
            return finding(
                    "gpu ipc",
                    opened,
                    opened ? "another process opened memory of this one" : answer,
                    advice);
        } catch (IOException | RuntimeException e) {
            return finding("gpu ipc", false, Commands.reason(e), advice);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(directory);
        }
    }

    private static String openedElsewhere(String device, Path file) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + Path.of(System.getProperty("foam.home"), "deploy", "jvm.options"));
        command.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1"));
        command.addAll(CudaProbe.driverOptions());
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), Opener.class.getName()));
        command.addAll(List.of(device, file.toString()));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            if (!process.waitFor(CHILD_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                return "opening it from another process took longer than seconds="
                        + CHILD_TIMEOUT_SECONDS;
            }
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return said.lines()
                    .findFirst()
                    .orElse("the other process ended: exitCode=" + process.exitValue());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        } finally {
            process.destroyForcibly();
        }
    }

    private static Finding finding(String thing, boolean present, String detail, String advice) {
        return new Finding(thing, present, false, detail, GIVES + advice);
    }
}
