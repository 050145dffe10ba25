package io.fluxfoam.stream;

import static io.fluxfoam.stream.Interleavings.require;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.device.Fence;
import io.fluxfoam.memory.Words;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The real protocol on GPUs under every interleaving: a writer and a reader, and for each a GPU
 * that works off its queue at any later time, also when its process is dead. A GPU fills a slot by
 * two stores and reads it by two loads.
 */
class InFlightInterleavingsTest {
    /** A key of no incarnation, so that the ids of leases are small and fit into a queue's word. */
    private static final long OWNER = 7;

    private static final long PAYLOAD = 1L << 20;
    private static final long WRITER_DEAD = 1L << 21;
    private static final long READER_DEAD = WRITER_DEAD + 8;
    private static final long WRITER_GPU_DEAD = WRITER_DEAD + 16;
    private static final long TORN = WRITER_DEAD + 24;
    private static final long WRITER_QUEUE = 1L << 22;
    private static final long READER_QUEUE = 1L << 23;

    private static final long STORE = 1L << 60;
    private static final long FILL = 2L << 60;
    private static final long READ = 3L << 60;
    private static final long WAIT = 4L << 60;

    private final StreamDescriptor layout = new StreamDescriptor(3, 1);
    private final Interleavings all = new Interleavings();
    private final Words words = all.words();

    /**
     * A queue of work in shared memory: words of {@code kind:4 | offset:28 | value:32}, 0 where
     * none has been queued yet.
     */
    private static final class Queue implements Fence {
        private final Words words;
        private final long at;
        private long length;

        private Queue(Words words, long at) {
            this.words = words;
            this.at = at;
        }

        private void add(long kind, long offset, long value) {
            require(offset < 1L << 28 && value < 1L << 32, "does not fit a word");
            words.setRelease(at + 8 * length++, kind | offset << 32 | value);
        }

        @Override
        public void store(long offset, long value) {
            add(STORE, offset, value);
        }

        @Override
        public boolean canAwait() {
            return true;
        }

        @Override
        public void awaitAtLeast(long offset, long value) {
            add(WAIT, offset, value);
        }

        @Override
        public boolean isImmediate() {
            return false;
        }

        @Override
        public void close() {}
    }

    /** Works off a queue, for ever. */
    private record Gpu(Words words, long queue) implements Runnable {
        @Override
        public void run() {
            for (long at = queue; ; at += 8) {
                long work = 0;
                while (work == 0) {
                    work = words.getAcquire(at);
                }
                work(work & 0xFL << 60, work >>> 32 & (1L << 28) - 1, work & (1L << 32) - 1);
            }
        }

        private void work(long kind, long offset, long value) {
            if (kind == STORE) {
                words.setRelease(offset, value);
            } else if (kind == FILL) {
                words.set(offset, value);
                words.set(offset + 8, value);
            } else if (kind == READ) {
                boolean isTorn = words.get(offset) != value;
                if (isTorn | words.get(offset + 8) != value) {
                    words.set(TORN, 1);
                }
            } else {
                while (words.getAcquire(offset) < value) {}
            }
        }
    }

    private record Deaths(Words words) implements LaneOwners {
        @Override
        public boolean isDead(long owner) {
            return words.get(READER_DEAD) != 0;
        }
    }

    /** Commits, and waits as a claim does when too much is in flight. */
    private record Writer(
            Words words,
            WriterProtocol protocol,
            Queue queue,
            LaneOwners deaths,
            int mostInFlight,
            int commits)
            implements Runnable {
        @Override
        public void run() {
            for (int i = 0; i < commits; i++) {
                protocol.reclaim(deaths);
                while (protocol.inFlight() > mostInFlight) {
                    protocol.reclaim(deaths);
                }
                int slot = protocol.take();
                require(slot >= 0, "no slot is free");
                queue.add(FILL, PAYLOAD + 16L * slot, protocol.sequence() + 1);
                protocol.publish(slot);
            }
        }
    }

    /** Leases, lets its GPU read, and waits for that; ends the waits for a dead writer. */
    private record Reader(
            Words words,
            ReaderProtocol protocol,
            Queue queue,
            StreamDescriptor layout,
            boolean waitsOnGpu,
            int leases)
            implements Runnable {
        @Override
        public void run() {
            for (int i = 0; i < leases; i++) {
                long stamp = poll();
                while (stamp == 0) {
                    stamp = poll();
                }
                int slot = Stamp.slot(stamp);
                if (!protocol.hasArrived()) {
                    queue.awaitAtLeast(layout.slot(slot), stamp);
                }
                queue.add(READ, PAYLOAD + 16L * slot, Stamp.sequence(stamp));
                protocol.release();
                while (protocol.isReleasing()) {
                    if (words.get(WRITER_DEAD) != 0) {
                        protocol.orphan();
                    }
                }
                if (protocol.confirm(stamp)) {
                    require(words.get(TORN) == 0, "torn");
                } else {
                    words.set(TORN, 0);
                }
            }
        }

        private long poll() {
            if (!waitsOnGpu) {
                return protocol.isIdle() ? 0 : protocol.leaseNewest();
            }
            long stamp = protocol.leaseInFlight(true);
            return stamp == 0 ? protocol.leaseNewest() : stamp;
        }
    }

    private void addWriter(int commits, boolean dies) {
        Queue queue = new Queue(words, WRITER_QUEUE);
        WriterProtocol protocol = new WriterProtocol(words, layout, queue);
        int mostInFlight = layout.slots() - layout.maxReaders() - 2;
        Writer writer =
                new Writer(words, protocol, queue, new Deaths(words), mostInFlight, commits);
        all.add("writer", writer, dies ? new long[] {WRITER_DEAD} : new long[0]);
        all.add(
                "writerGpu",
                new Gpu(words, WRITER_QUEUE),
                dies ? new long[] {WRITER_GPU_DEAD} : new long[0]);
    }

    private void addReader(WaitMode waitMode, int leases, boolean dies) {
        Queue queue = new Queue(words, READER_QUEUE);
        ReaderProtocol protocol = new ReaderProtocol(words, layout, OWNER, queue);
        assertTrue(protocol.attach(LaneOwners.IMMORTAL, true));
        Reader reader =
                new Reader(words, protocol, queue, layout, waitMode == WaitMode.GPU, leases);
        all.add("reader", reader, dies ? new long[] {READER_DEAD} : new long[0]);
        all.add("readerGpu", new Gpu(words, READER_QUEUE));
    }

    private void explore() {
        all.explore();
        System.out.println(all.report());
        assertTrue(all.states() > 10_000);
    }

    @Test
    void shouldNeverTearWhenTheCpuWaits() {
        addWriter(4, false);
        addReader(WaitMode.POLL, 2, true);
        explore();
    }

    @Test
    void shouldNeverTearWhenTheGpuWaits() {
        addWriter(4, false);
        addReader(WaitMode.GPU, 2, false);
        explore();
    }

    @Test
    void shouldNeverBelieveWhatADeadWriterLeftHalfDone() {
        addWriter(2, true);
        addReader(WaitMode.GPU, 2, false);
        explore();
    }

    @Test
    @Tag("slow")
    void shouldNeverTearInTheLongRunWhenTheCpuWaits() {
        addWriter(6, true);
        addReader(WaitMode.POLL, 3, true);
        explore();
    }

    @Test
    @Tag("slow")
    void shouldNeverTearInTheLongRunWhenTheGpuWaits() {
        addWriter(5, true);
        addReader(WaitMode.GPU, 3, true);
        explore();
    }

    /**
     * A writer that takes a slot with a stamp in flight must tear, or this exploration proves
     * nothing.
     */
    @Test
    void shouldFindOutThatTheWriterForgetsWhatIsInFlight() {
        all.without("WriterProtocol.take", "WriterProtocol.isInFlight", 0);
        all.without("Writer.run", "WriterProtocol.inFlight", 0);
        addWriter(4, false);
        addReader(WaitMode.POLL, 1, false);
        assertThrows(AssertionError.class, all::explore);
    }
}
