package io.fluxfoam.bench.scale;

import io.fluxfoam.bench.measure.Statistics;
import io.fluxfoam.bench.process.Conversation;
import io.fluxfoam.memory.Futex;
import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.memory.SegmentWords;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;

/** A process that sleeps on a bare word of shared memory and on nothing else. Argument: the file of {@link FutexWord}. */
final class FutexChild {
    private static final long MAX_SLEEP_NS = 10_000_000;

    private FutexChild() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Conversation bench = Conversation.begin();
        try (MappedFile file = MappedFile.openReadWrite(Path.of(args[0]));
                Futex.Waiter waiter = new Futex.Waiter(1)) {
            SegmentWords words = new SegmentWords(file.segment());
            bench.reply("ready");
            int count = 0;
            while (true) {
                long[] latenciesNs = new long[Integer.parseInt(bench.next())];
                long cpuBefore = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                for (int i = 0; i < latenciesNs.length; i++) {
                    while (words.getIntAcquire(FutexWord.WORD_AT) == count) {
                        waiter.clear();
                        waiter.add(file.segment().asSlice(FutexWord.WORD_AT, 4), count);
                        waiter.await(System.nanoTime() + MAX_SLEEP_NS);
                    }
                    latenciesNs[i] = System.nanoTime() - words.getAcquire(FutexWord.SENT_AT);
                    count = words.getIntAcquire(FutexWord.WORD_AT);
                }
                long cpuNs = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuBefore;
                Arrays.sort(latenciesNs);
                bench.reply(Statistics.percentile(latenciesNs, 0.5) + " " + Statistics.percentile(latenciesNs, 0.99) + " " + cpuNs);
            }
        }
    }
}
