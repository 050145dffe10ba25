package io.fluxfoam.bench.gpu;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.fluxfoam.bench.ipc.Sizes;
import io.fluxfoam.bench.process.Workspace;
import io.fluxfoam.device.Device;
import io.fluxfoam.device.cuda.CudaDevice;
import io.fluxfoam.device.cuda.CudaProbe;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code bench gpu}. */
@Command(
        name = "gpu",
        mixinStandardHelpOptions = true,
        description = {
            "From a producer's kernel to a reader's kernel in another process: ours, staged through the host, PyTorch's.",
            "Hand-over = both kernels in two processes, less the same kernels in one."
        })
public final class GpuCommand implements Callable<Integer> {
    private static final long KB = 1L << 10;
    private static final long MB = 1L << 20;
    private static final List<Long> ALL_SIZES =
            List.of(4 * KB, 64 * KB, MB, 16 * MB, 64 * MB, 256 * MB);
    private static final GpuBudget FULL = new GpuBudget(100, 1_000, 5, 50, 20);
    private static final GpuBudget SMOKE = new GpuBudget(2, 5, 2, 2, 1);

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "cuda:0",
            description = "The GPU (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--json", description = "Print JSON and nothing else.")
    private boolean json;

    @Option(
            names = "--sizes",
            paramLabel = "SIZE",
            split = ",",
            converter = Sizes.class,
            description = "Sizes of tensors (default: 4KB,64KB,1MB,16MB,64MB,256MB).")
    private List<Long> sizes = ALL_SIZES;

    @Option(
            names = "--kills",
            paramLabel = "N",
            description = "How often a producer is killed (default: 20).")
    private Integer kills;

    @Option(names = "--smoke", hidden = true, description = "As little as possible.")
    private boolean smoke;

    @Override
    public Integer call() throws IOException, InterruptedException {
        CudaProbe probe = CudaProbe.get();
        if (!probe.isReady()) {
            throw new IOException(
                    "no GPU to measure: cuda=" + probe.status() + " (" + probe.detail() + ")");
        }
        if (!(Device.of(device) instanceof CudaDevice gpu)) {
            throw new IllegalArgumentException("--device=" + device + " is no GPU");
        }
        if (kills != null && kills < 1) {
            throw new IllegalArgumentException("--kills=" + kills + " must be 1 or more");
        }
        GpuResult result;
        try (Workspace workspace = Workspace.create()) {
            result = measure(workspace, gpu, probe.driverVersion());
        }
        System.out.println(
                json ? new ObjectMapper().writeValueAsString(result) : GpuTable.of(result));
        boolean isSound = result.rejoins() != null && result.rejoins().wrongWords() == 0;
        return isSound && result.results().stream().anyMatch(GpuRow::isMeasured) ? 0 : 1;
    }

    private GpuResult measure(Workspace workspace, CudaDevice gpu, int driverVersion)
            throws IOException, InterruptedException {
        GpuBudget budget = smoke ? SMOKE : FULL;
        TorchPeer.Python torch = TorchPeer.find(workspace, gpu.facts().ordinal());
        if (torch == null) {
            say("PyTorch is left out: no python3 with a torch that sees a GPU");
        }
        GpuBench bench = new GpuBench(workspace, gpu.name(), torch, budget);
        for (long payloadBytes : sizes) {
            say(Sizes.text(payloadBytes));
            bench.measure(payloadBytes);
        }
        int cycles = kills == null ? budget.cycles() : kills;
        say("kills: " + cycles);
        return new GpuResult(
                gpu.facts().name(),
                driverVersion,
                bench.rows(),
                bench.joins(),
                rejoins(workspace, gpu, cycles));
    }

    /** That it failed is said, and makes the exit code 1; the rows are printed all the same. */
    private static GpuResult.Rejoins rejoins(Workspace workspace, CudaDevice gpu, int cycles)
            throws InterruptedException {
        try {
            return new KillCycles(workspace, gpu).run(cycles);
        } catch (IOException e) {
            say("kills: " + e.getMessage());
            return null;
        }
    }

    static void say(String event) {
        System.err.println("bench gpu: " + event);
    }
}
