package io.fluxfoam.bench.scale;

import io.fluxfoam.bench.measure.SampleStatistics;
import io.fluxfoam.bench.process.Conversation;
import io.fluxfoam.memory.Futex;
import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.memory.SegmentWords;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A process that sleeps on a bare word of shared memory and on nothing else. Argument: the file of
 * {@link FutexWord}.
 */
final class FutexChild {
    private static final long MAX_SLEEP_NS = 10_000_000;

    private final MemorySegment word;
    private final SegmentWords words;
    private final Futex.Waiter waiter;
    private int count;

    private FutexChild(MemorySegment word, SegmentWords words, Futex.Waiter waiter) {
        this.word = word;
        this.words = words;
        this.waiter = waiter;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Conversation bench = Conversation.begin();
        try (MappedFile file = MappedFile.openReadWrite(Path.of(args[0]));
                Futex.Waiter waiter = new Futex.Waiter(1)) {
            SegmentWords words = new SegmentWords(file.segment());
            FutexChild child =
                    new FutexChild(file.segment().asSlice(FutexWord.WORD_AT, 4), words, waiter);
            bench.reply("ready");
            while (true) {
                bench.reply(child.sleepUntil(Integer.parseInt(bench.next())));
            }
        }
    }

    /**
     * Sleeps on the word until it has this value; returns p50, p99 and CPU nanoseconds. Wakes that
     * come together are one.
     */
    private String sleepUntil(int last) {
        long[] latenciesNs = new long[last - count];
        int samples = 0;
        long cpuBefore = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        while (count != last) {
            while (words.getIntAcquire(FutexWord.WORD_AT) == count) {
                waiter.clear();
                waiter.add(word, count);
                waiter.await(System.nanoTime() + MAX_SLEEP_NS);
            }
            latenciesNs[samples++] = System.nanoTime() - words.getAcquire(FutexWord.SENT_AT);
            count = words.getIntAcquire(FutexWord.WORD_AT);
        }
        long cpuNs = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuBefore;
        long[] sorted = Arrays.copyOf(latenciesNs, samples);
        Arrays.sort(sorted);
        return SampleStatistics.percentile(sorted, 0.5)
                + " "
                + SampleStatistics.percentile(sorted, 0.99)
                + " "
                + cpuNs;
    }
}
