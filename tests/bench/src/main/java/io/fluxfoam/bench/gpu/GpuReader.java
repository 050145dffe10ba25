package io.fluxfoam.bench.gpu;

import io.fluxfoam.bench.measure.SampleStatistics;
import io.fluxfoam.device.DeviceMemory;
import io.fluxfoam.device.cuda.CudaDevice;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamReader;
import io.fluxfoam.stream.WaitMode;

import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** The reader's end of a pair. Joins with its first message. Belongs to one thread. */
final class GpuReader implements GpuChild.End {
    private static final long TIMEOUT_NS = 30_000_000_000L;
    private static final long REST_NS = 5_000_000;

    private final GpuChild.Ground ground;
    private final Touch touch;
    private final Pins pins;
    private StreamReader stream;

    GpuReader(GpuChild.Ground ground) {
        this.ground = ground;
        this.touch = new Touch(ground.device());
        this.pins = new Pins((CudaDevice) ground.device());
    }

    private StreamReader open() throws IOException {
        long incarnation = MarkView.read(ground.foam(), GpuWriter.NODE).incarnation();
        return StreamReader.open(
                ground.foam(),
                FoamDirectory.fileName(GpuWriter.NODE, incarnation, GpuWriter.STREAM + ".control"),
                StreamReader.Join.newest(ReadMode.IN_ORDER, OwnerKey.of("reader", 1))
                        .on(ground.device(), ground.route().waiting()));
    }

    @Override
    public String run(GpuTask task) throws IOException, TimeoutException {
        switch (task.verb()) {
            case GpuTask.JOIN:
                return join(task);
            case GpuTask.LATENCY:
                String figures = GpuChild.line(latencies(task));
                return pins.work() ? figures : figures + " " + GpuTask.NOT_PINNED;
            case GpuTask.RATE:
                return rate(task);
            default:
                return "";
        }
    }

    /**
     * The rest between two turns is for the device's own thread, which closes what the last turn
     * has left.
     */
    private String join(GpuTask task) throws IOException {
        double[] openNs = new double[task.messages()];
        double[] closeNs = new double[task.messages()];
        for (int i = 0; i < task.messages(); i++) {
            long startNs = System.nanoTime();
            StreamReader reader = open();
            long openedNs = System.nanoTime();
            reader.close();
            closeNs[i] = System.nanoTime() - openedNs;
            openNs[i] = openedNs - startNs;
            LockSupport.parkNanos(REST_NS);
        }
        return Math.round(SampleStatistics.median(openNs))
                + " "
                + Math.round(SampleStatistics.median(closeNs));
    }

    private long[] latencies(GpuTask task) throws IOException, TimeoutException {
        long[] latenciesNs = new long[task.messages()];
        for (int number = 1; number <= task.all(); number++) {
            try (Lease lease = next()) {
                touch.compare(memory(lease), lease.frameNumber(), (int) lease.tag());
                long nowNs = touch.awaitNs();
                requireConfirmed(lease);
                if (number > task.warmups()) {
                    latenciesNs[number - task.warmups() - 1] = nowNs - lease.captureNs();
                }
                touch.check();
                ground.rendezvous().read(lease.sequence());
            }
        }
        return latenciesNs;
    }

    private String rate(GpuTask task) throws IOException, TimeoutException {
        long startNs = 0;
        for (int number = 1; number <= task.all(); number++) {
            try (Lease lease = next()) {
                touch.compare(memory(lease), lease.frameNumber(), (int) lease.tag());
                if (ground.route().waiting() == WaitMode.GPU) {
                    // what a dead writer's slot gave must be discarded, so its reader looks before
                    // it goes on
                    touch.awaitNs();
                    requireConfirmed(lease);
                }
                ground.rendezvous().read(lease.sequence());
            }
            startNs = number == task.warmups() ? touch.awaitNs() : startNs;
        }
        long elapsedNs = touch.awaitNs() - startNs;
        touch.check();
        return task.messages() + " " + elapsedNs;
    }

    /** In place, or a copy that the device makes from the host's pages. */
    private DeviceMemory memory(Lease lease) {
        if (!ground.route().isInPlace()) {
            pins.pin(lease.payload());
        }
        return lease.memory();
    }

    private static void requireConfirmed(Lease lease) {
        if (!lease.confirm()) {
            throw new IllegalStateException("the writer died: sequence=" + lease.sequence());
        }
    }

    private Lease next() throws IOException, TimeoutException {
        stream = stream == null ? open() : stream;
        long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        for (Lease lease = stream.poll(); ; lease = stream.poll()) {
            if (lease != null) {
                return lease;
            }
            Thread.onSpinWait();
            if (System.nanoTime() > deadlineNs) {
                throw new TimeoutException("no message came: last sequence=" + stream.sequence());
            }
        }
    }

    @Override
    public void close() {
        pins.close();
        if (stream != null) {
            stream.close();
        }
        touch.close();
    }
}
