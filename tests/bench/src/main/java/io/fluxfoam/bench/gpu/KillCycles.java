package io.fluxfoam.bench.gpu;

import io.fluxfoam.bench.measure.SampleStatistics;
import io.fluxfoam.bench.process.ChildProcess;
import io.fluxfoam.bench.process.JavaLine;
import io.fluxfoam.bench.process.Workspace;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.device.cuda.CudaDevice;
import io.fluxfoam.device.cuda.PatternProducer;
import io.fluxfoam.device.cuda.PatternReader;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A producer that fills slots by kernels as fast as its GPU does is killed and started again; a
 * reader whose GPU looks at every word follows it through all its lives.
 */
final class KillCycles {
    private static final String PRODUCER = "producer";
    private static final String READER = "reader";
    private static final long TIMEOUT_NS = 60_000_000_000L;
    private static final long STOP_TIMEOUT_MS = 30_000;
    private static final long LOOK_EVERY_MS = 2;

    private final Workspace workspace;
    private final CudaDevice device;
    private final FoamDirectory foam;
    private int started;

    KillCycles(Workspace workspace, CudaDevice device) throws IOException {
        this.workspace = workspace;
        this.device = device;
        this.foam = FoamDirectory.create(workspace.newDirectory("kills").resolve("foam"));
    }

    GpuResult.Rejoins run(int cycles) throws IOException, InterruptedException {
        long freeBefore = device.freeBytes();
        ChildProcess reader = start(READER, PatternReader.class, List.of("--from", PRODUCER));
        ChildProcess producer = start(PRODUCER, PatternProducer.class, List.of());
        awaitRead(1);
        double[] millis = new double[cycles];
        for (int cycle = 0; cycle < cycles; cycle++) {
            workspace.end(producer);
            long killedNs = System.nanoTime();
            producer = start(PRODUCER, PatternProducer.class, List.of());
            awaitRead(cycle + 2);
            millis[cycle] = (System.nanoTime() - killedNs) / 1e6;
        }
        long wrongWords = (long) counter(PatternReader.WRONG_WORDS);
        stop(reader);
        stop(producer);
        return new GpuResult.Rejoins(
                cycles,
                SampleStatistics.median(millis),
                Arrays.stream(millis).max().orElseThrow(),
                wrongWords,
                Math.max(0, freeBefore - device.freeBytes()));
    }

    private ChildProcess start(String name, Class<?> main, List<String> options)
            throws IOException {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--foam",
                                foam.path().toString(),
                                "--name",
                                name,
                                "--device",
                                device.name()));
        arguments.addAll(options);
        return workspace.start(
                name + "-" + ++started, JavaLine.of(main, List.of("-Xmx64m"), arguments));
    }

    private void stop(ChildProcess child) throws IOException, InterruptedException {
        if (!child.terminate(STOP_TIMEOUT_MS)) {
            throw new IOException("a node does not stop: pid=" + child.pid());
        }
    }

    private void awaitRead(long incarnation) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (!(counter(PatternReader.incarnationOf(PRODUCER))
                >= incarnation)) { // NaN while the reader has not made it
            if (System.nanoTime() > deadlineNs) {
                throw new IOException(
                        "the reader does not see the producer's next life: incarnation="
                                + incarnation
                                + " "
                                + facts());
            }
            Thread.sleep(LOOK_EVERY_MS);
        }
    }

    private String facts() throws IOException {
        MarkView producer = MarkView.read(foam, PRODUCER);
        MarkView reader = MarkView.read(foam, READER);
        return "producer="
                + producer.state()
                + "/"
                + producer.incarnation()
                + " reader="
                + reader.state()
                + "/"
                + reader.incarnation()
                + " "
                + CountersSnapshot.read(foam.file(READER, reader.incarnation(), "counters"));
    }

    /** A counter of the reader, NaN while it is not there. */
    private double counter(String label) {
        try {
            long life = MarkView.read(foam, READER).incarnation();
            return CountersSnapshot.read(foam.file(READER, life, "counters")).number(label);
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
