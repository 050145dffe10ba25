package io.fluxfoam.bench.scale;

import io.fluxfoam.bench.measure.Durations;
import io.fluxfoam.bench.measure.SampleStatistics;
import io.fluxfoam.bench.process.Workspace;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code bench wait}. */
@Command(
        name = "wait",
        mixinStandardHelpOptions = true,
        description = {
            "What sleeping costs: a reader that sleeps on a stream at 1 kHz beside a bare futex wake between two processes,",
            "measured in turn, and a commit when nobody sleeps."
        })
public final class WaitCommand implements Callable<Integer> {
    private static final long PAYLOAD_BYTES = 64L << 10;
    private static final long MILLISECOND_NS = 1_000_000;
    private static final int WARMUPS = 3;

    @Option(
            names = "--commits",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Commits and wakes of one repetition (default: ${DEFAULT-VALUE}).")
    private int commits;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "Interleaved repetitions, of which the median is shown (default: ${DEFAULT-VALUE}).")
    private int repetitions;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (commits < 1 || repetitions < 1) {
            throw new IllegalArgumentException(
                    "--commits="
                            + commits
                            + " and --repetitions="
                            + repetitions
                            + " must be 1 or more");
        }
        double[] wakeNs = new double[repetitions];
        double[] wakeCpu = new double[repetitions];
        double[] readNs = new double[repetitions];
        double[] readCpu = new double[repetitions];
        double[] quietNs = new double[repetitions];
        try (Workspace workspace = Workspace.create();
                FutexWord word = new FutexWord(workspace);
                Fanout alone = new Fanout(workspace, "alone", PAYLOAD_BYTES, 1);
                Fanout one = new Fanout(workspace, "one", PAYLOAD_BYTES, 1)) {
            one.readers(1);
            for (int i = 0; i < WARMUPS; i++) {
                word.run(commits, MILLISECOND_NS / 10);
                one.run(commits, MILLISECOND_NS / 10);
                alone.run(commits, 0);
            }
            for (int i = 0; i < repetitions; i++) {
                FutexWord.Woken woken = word.run(commits, MILLISECOND_NS);
                Fanout.Run run = one.run(commits, MILLISECOND_NS);
                Fanout.Seen seen = run.seen().getFirst();
                wakeNs[i] = woken.p50Ns();
                wakeCpu[i] = 100.0 * woken.cpuNs() / woken.elapsedNs();
                readNs[i] = seen.p50Ns();
                readCpu[i] = 100.0 * seen.cpuNs() / run.elapsedNs();
                quietNs[i] = alone.run(commits, 0).commitP50Ns();
            }
        }
        double wake = SampleStatistics.median(wakeNs);
        double read = SampleStatistics.median(readNs);
        System.out.printf(Locale.ROOT, "%-40s %12s %8s%n", "at 1 kHz", "p50", "core");
        line("bare futex wake", wake, SampleStatistics.median(wakeCpu));
        line("sleeping reader, commit to read", read, SampleStatistics.median(readCpu));
        System.out.printf(Locale.ROOT, "%-40s %12.2f%n", "ratio", read / wake);
        System.out.printf(
                Locale.ROOT,
                "%-40s %12s%n",
                "commit, nobody sleeps",
                Durations.text(SampleStatistics.median(quietNs)));
        return 0;
    }

    private static void line(String name, double nanoseconds, double corePercent) {
        System.out.printf(
                Locale.ROOT,
                "%-40s %12s %7.1f%%%n",
                name,
                Durations.text(nanoseconds),
                corePercent);
    }
}
