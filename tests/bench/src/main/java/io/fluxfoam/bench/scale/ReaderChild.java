package io.fluxfoam.bench.scale;

import io.fluxfoam.bench.measure.SampleStatistics;
import io.fluxfoam.bench.process.Conversation;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamReader;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A reader process that sleeps between commits. Arguments: directory of the foam, control file, the
 * reader's name.
 */
final class ReaderChild {
    private static final int MAX_SAMPLES = 1 << 16;
    private static final long MAX_SLEEP_NS = 10_000_000;
    private final StreamReader reader;
    private final long[] latenciesNs = new long[MAX_SAMPLES];
    private int samples;
    private long leases;

    private ReaderChild(StreamReader reader) {
        this.reader = reader;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Conversation bench = Conversation.begin();
        StreamReader.Join join = StreamReader.Join.newest(ReadMode.LATEST, OwnerKey.of(args[2], 1));
        try (StreamReader reader =
                StreamReader.open(FoamDirectory.open(Path.of(args[0])), args[1], join)) {
            ReaderChild child = new ReaderChild(reader);
            bench.reply("ready");
            while (true) {
                bench.reply(child.readUntil(Long.parseLong(bench.next())));
            }
        }
    }

    /**
     * Reads the newest commits until one has this tag; returns p50, p99, leases, missed, and CPU
     * nanoseconds.
     */
    private String readUntil(long lastTag) {
        samples = 0;
        leases = 0;
        long missedBefore = reader.missed();
        long cpuBefore = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        boolean more = true;
        while (more) {
            try (Lease lease = reader.poll()) {
                if (lease == null) {
                    reader.await(MAX_SLEEP_NS);
                } else {
                    more = take(lease, lastTag);
                }
            }
        }
        long cpuNs = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuBefore;
        long[] sorted = Arrays.copyOf(latenciesNs, samples);
        Arrays.sort(sorted);
        return SampleStatistics.percentile(sorted, 0.5)
                + " "
                + SampleStatistics.percentile(sorted, 0.99)
                + " "
                + leases
                + " "
                + (reader.missed() - missedBefore)
                + " "
                + cpuNs;
    }

    private boolean take(Lease lease, long lastTag) {
        byte first = lease.payload().get(ValueLayout.JAVA_BYTE, 0);
        byte last = lease.payload().get(ValueLayout.JAVA_BYTE, lease.payloadBytes() - 1);
        long latencyNs = System.nanoTime() - lease.captureNs();
        if (first != last) {
            throw new IllegalStateException("torn: first=" + first + " last=" + last);
        }
        leases++;
        latenciesNs[samples] = latencyNs;
        samples = Math.min(samples + 1, MAX_SAMPLES - 1);
        return lease.tag() != lastTag;
    }
}
