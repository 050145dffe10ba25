package io.fluxfoam.bench.gpu;

import io.fluxfoam.device.Buffer;
import io.fluxfoam.device.Device;
import io.fluxfoam.device.cuda.CudaDevice;
import io.fluxfoam.liveness.Mark;
import io.fluxfoam.stream.Checksum;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** The producer's end of a pair. Belongs to one thread. */
final class GpuWriter implements GpuChild.End {
    static final String NODE = "writer";
    static final String STREAM = "bench";

    private static final int MAX_READERS = 1;
    private static final int SLOTS = MAX_READERS + 3;
    private static final int WINDOW = 2;
    private static final long GAP_NS = 50_000;
    private static final long TIMEOUT_NS = 30_000_000_000L;

    private final GpuChild.Ground ground;
    private final Mark mark;
    private final StreamWriter stream;
    private final Touch touch;
    private final Buffer own;
    private final Pins pins;
    private long sequence;

    GpuWriter(GpuChild.Ground ground) throws IOException {
        this.ground = ground;
        Device streamDevice = ground.route().isInPlace() ? ground.device() : Device.of("host");
        this.mark = Mark.acquire(ground.foam(), NODE, "bench", streamDevice.name(), new String[0]);
        StreamSpec spec =
                StreamSpec.of(STREAM, DType.U8, ground.payloadBytes())
                        .maxReaders(MAX_READERS)
                        .slots(SLOTS)
                        .checksum(Checksum.NONE);
        this.stream =
                StreamWriter.create(ground.foam(), NODE, mark.incarnation(), spec, streamDevice);
        this.touch = new Touch(ground.device());
        this.own = ground.device().allocate(ground.payloadBytes());
        this.pins = new Pins((CudaDevice) ground.device());
    }

    @Override
    public String run(GpuTask task) throws TimeoutException {
        switch (task.verb()) {
            case GpuTask.ALONE:
                return GpuChild.line(alone(task));
            case GpuTask.LATENCY:
                send(task, 0);
                return pins.work() ? "" : GpuTask.NOT_PINNED;
            case GpuTask.RATE:
                send(task, WINDOW - 1);
                return "";
            default:
                return "";
        }
    }

    private long[] alone(GpuTask task) {
        long[] latenciesNs = new long[task.messages()];
        for (int number = 1; number <= task.all(); number++) {
            long words = Touch.words(number, ground.payloadBytes());
            long startNs = System.nanoTime();
            touch.fill(own.memory(), words, number);
            touch.compare(own.memory(), words, number);
            long endNs = touch.awaitNs();
            if (number > task.warmups()) {
                latenciesNs[number - task.warmups() - 1] = endNs - startNs;
            }
        }
        touch.check();
        return latenciesNs;
    }

    /**
     * Sends all messages; not more than {@code ahead} before the one that the reader has taken
     * last.
     */
    private void send(GpuTask task, int ahead) throws TimeoutException {
        for (int number = 1; number <= task.all(); number++) {
            awaitRead(sequence - ahead);
            if (ahead == 0) {
                LockSupport.parkNanos(GAP_NS);
            }
            sequence = send(number);
        }
        awaitRead(sequence);
    }

    private long send(int number) {
        long words = Touch.words(number, ground.payloadBytes());
        long startNs = System.nanoTime();
        try (Claim claim = stream.claim()) {
            if (ground.route().isInPlace()) {
                touch.fill(claim.memory(), words, number);
            } else {
                pins.pin(claim.payload());
                touch.fill(own.memory(), words, number);
                ground.device().queue().copy(own.memory(), claim.memory(), ground.payloadBytes());
                touch.awaitNs();
            }
            return claim.tag(number).commit(words, startNs);
        }
    }

    private void awaitRead(long last) throws TimeoutException {
        long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (ground.rendezvous().lastRead() < last) {
            Thread.onSpinWait();
            if (System.nanoTime() > deadlineNs) {
                throw new TimeoutException("the reader does not read: sequence=" + last);
            }
        }
    }

    @Override
    public void close() throws IOException {
        pins.close();
        stream.close();
        touch.close();
        mark.close();
    }
}
