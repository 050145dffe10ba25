package io.fluxfoam.bench.gpu;

import io.fluxfoam.bench.ipc.Rendezvous;
import io.fluxfoam.bench.process.Conversation;
import io.fluxfoam.device.Device;
import io.fluxfoam.device.cuda.PatternKernels;
import io.fluxfoam.liveness.FoamDirectory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A process of the bench; arguments: what it is, device, route, bytes of a payload, directory of
 * the pair.
 */
final class GpuChild {
    static final String WRITER = "writer";
    static final String READER = "reader";
    static final String NEIGHBOUR = "neighbour";
    static final String RENDEZVOUS = "rendezvous";

    private static final long NEIGHBOUR_KERNEL_NS = 2_000_000;
    private static final long NEIGHBOUR_TIMEOUT_NS = 60_000_000_000L;

    private GpuChild() {}

    /** One end of a pair. */
    interface End extends AutoCloseable {
        /** Carries out a task; returns the figures. */
        String run(GpuTask task) throws Exception;

        @Override
        void close() throws IOException;
    }

    /** What both ends of a pair share. */
    record Ground(
            Device device,
            GpuRoute route,
            long payloadBytes,
            FoamDirectory foam,
            Rendezvous rendezvous) {}

    public static void main(String[] args) throws Exception {
        Conversation bench = Conversation.begin();
        Device device = Device.of(args[1]);
        if (args[0].equals(NEIGHBOUR)) {
            keepBusy(device, bench);
            return;
        }
        Path directory = Path.of(args[4]);
        try (Rendezvous rendezvous = Rendezvous.open(directory.resolve(RENDEZVOUS))) {
            Ground ground =
                    new Ground(
                            device,
                            GpuRoute.valueOf(args[2]),
                            Long.parseLong(args[3]),
                            FoamDirectory.create(directory.resolve("foam")),
                            rendezvous);
            try (End end = args[0].equals(WRITER) ? new GpuWriter(ground) : new GpuReader(ground)) {
                bench.reply("ready");
                while (true) {
                    bench.reply(carryOut(end, bench.next()));
                }
            }
        }
    }

    private static String carryOut(End end, String command) {
        try {
            return "ok " + end.run(GpuTask.ofLine(command));
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            e.printStackTrace();
            return "failed " + e.toString().lines().findFirst().orElse("");
        }
    }

    /** One kernel after the other, until the bench kills the process. */
    private static void keepBusy(Device device, Conversation bench) {
        try (PatternKernels kernels = new PatternKernels(device)) {
            bench.reply("ready");
            while (true) {
                kernels.linger(NEIGHBOUR_KERNEL_NS);
                device.queue().await(NEIGHBOUR_TIMEOUT_NS);
            }
        }
    }

    static String line(long[] figures) {
        return Arrays.stream(figures).mapToObj(Long::toString).collect(Collectors.joining(" "));
    }
}
