package io.fluxfoam.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.device.Fence;
import io.fluxfoam.liveness.OwnerKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The real protocol on GPUs under every interleaving: a writer and a reader, and for each a GPU that works off its queue at
 * any later time, also when its process is dead. A GPU fills a slot by two stores and reads it by two loads.
 */
class InFlightInterleavingsTest {
    private static final long OWNER = OwnerKey.of("reader", 1);
    private static final long PAYLOAD = 1L << 20;
    private static final long WRITER_DEAD = 1L << 21;
    private static final long READER_DEAD = WRITER_DEAD + 8;
    private static final long WRITER_GPU_DEAD = WRITER_DEAD + 16;
    private static final long TORN = WRITER_DEAD + 24;
    private static final long WRITER_QUEUE = 1L << 22;
    private static final long READER_QUEUE = 1L << 23;

    private static final int STORE = 1;
    private static final int FILL = 2;
    private static final int READ = 3;
    private static final int WAIT = 4;

    private final StreamDescriptor layout = new StreamDescriptor(3, 1);
    private final LaneOwners immortal = LaneOwners.IMMORTAL;

    /** Work for a GPU; a queue's word holds its number in {@link #all}, so that queueing is one store. */
    private record Work(int kind, long offset, long value) {
        private static final List<Work> all = new ArrayList<>(Collections.nCopies(1, null));
        private static final Map<Work, Integer> numbers = new HashMap<>();

        private int number() {
            return numbers.computeIfAbsent(
                    this,
                    work -> {
                        all.add(work);
                        return all.size() - 1;
                    });
        }
    }

    /** A queue in shared memory: words that hold the number of a {@link Work}, 0 where none has been queued yet. */
    private static final class Queue implements Fence {
        private final Interleavings.Tape words;
        private final long at;
        private long length;

        private Queue(Interleavings.Tape words, long at) {
            this.words = words;
            this.at = at;
        }

        private void add(int kind, long offset, long value) {
            words.setRelease(at + 8 * length++, new Work(kind, offset, value).number());
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

    private static Interleavings.Party gpu(long queue) {
        return words -> {
            for (long done = 0; ; done++) {
                long number;
                do {
                    words.mark(done);
                    number = words.getAcquire(queue + 8 * done);
                } while (number == 0);
                work(words, done, Work.all.get((int) number));
            }
        };
    }

    private static void work(Interleavings.Tape words, long done, Work work) {
        switch (work.kind) {
            case STORE -> words.setRelease(work.offset, work.value);
            case FILL -> {
                words.set(work.offset, work.value);
                words.set(work.offset + 8, work.value);
            }
            case READ -> {
                boolean torn = words.get(work.offset) != work.value;
                if (torn | words.get(work.offset + 8) != work.value) {
                    words.set(TORN, 1);
                }
            }
            default -> {
                do {
                    words.mark(done | 1L << 32); // what is waited for stands in the queue
                } while (words.getAcquire(work.offset) < work.value);
            }
        }
    }

    private Interleavings.Party writer(int commits) {
        return words -> {
            Queue queue = new Queue(words, WRITER_QUEUE);
            WriterProtocol protocol = new WriterProtocol(words, layout, queue);
            for (int i = 0; i < commits; i++) {
                do {
                    words.mark(i, protocol, queue);
                    protocol.reclaim(owner -> words.get(READER_DEAD) == 1);
                } while (protocol.inFlight() > layout.slots() - layout.maxReaders() - 2);
                int slot = protocol.take();
                assertTrue(slot >= 0, "no slot is free");
                queue.add(FILL, PAYLOAD + 16L * slot, protocol.sequence() + 1);
                protocol.publish(slot);
            }
        };
    }

    private Interleavings.Party reader(WaitMode waitMode, int leases) {
        return words -> {
            Queue queue = new Queue(words, READER_QUEUE);
            ReaderProtocol protocol = new ReaderProtocol(words, layout, OWNER, queue);
            assertTrue(protocol.attach(immortal, true));
            for (int i = 0; i < leases; i++) {
                long stamp;
                do {
                    words.mark(2L * i, protocol, queue);
                    stamp = waitMode == WaitMode.GPU ? protocol.leaseInFlight(true) : 0;
                    stamp = stamp == 0 ? protocol.leaseNewest() : stamp;
                } while (stamp == 0);
                int slot = Stamp.slot(stamp);
                if (!protocol.hasArrived()) {
                    queue.awaitAtLeast(layout.slot(slot), stamp);
                }
                queue.add(READ, PAYLOAD + 16L * slot, Stamp.sequence(stamp));
                protocol.release();
                do {
                    words.mark(2L * i + 1 + 100 * stamp, protocol, queue);
                    if (words.get(WRITER_DEAD) == 1) {
                        protocol.orphan();
                    }
                } while (protocol.isReleasing());
                if (protocol.confirm(stamp)) {
                    assertEquals(0, words.get(TORN), "torn");
                } else {
                    words.set(TORN, 0);
                }
            }
        };
    }

    private Interleavings exploration(WaitMode waitMode, int commits, int leases, boolean writerDies, boolean readerDies) {
        Interleavings all = new Interleavings();
        all.add(writer(commits), writerDies ? WRITER_DEAD : -1);
        all.add(gpu(WRITER_QUEUE), writerDies ? WRITER_GPU_DEAD : -1);
        all.add(reader(waitMode, leases), readerDies ? READER_DEAD : -1);
        all.add(gpu(READER_QUEUE), -1);
        return all;
    }

    private static void explore(Interleavings all) {
        all.explore();
        System.out.println("states=" + all.states());
        assertTrue(all.states() > 10_000);
    }

    @Test
    void shouldNeverTearWhenTheCpuWaits() {
        explore(exploration(WaitMode.POLL, 4, 2, false, true));
    }

    @Test
    void shouldNeverTearWhenTheGpuWaits() {
        explore(exploration(WaitMode.GPU, 4, 2, false, false));
    }

    @Test
    void shouldNeverBelieveWhatADeadWriterLeftHalfDone() {
        explore(exploration(WaitMode.GPU, 2, 2, true, false));
    }

    @Test
    @Tag("slow")
    void shouldNeverTearInTheLongRun() {
        explore(exploration(WaitMode.POLL, 6, 3, true, true));
        explore(exploration(WaitMode.GPU, 5, 3, true, true));
    }

    /** A writer that takes a slot with a stamp in flight must tear, or this exploration proves nothing. */
    @Test
    void shouldTearIfTheWriterForgetsWhatIsInFlight() {
        Interleavings all = new Interleavings();
        all.add(
                words -> {
                    Queue queue = new Queue(words, WRITER_QUEUE);
                    for (int sequence = 1; sequence <= 4; sequence++) {
                        int slot = sequence % 3;
                        words.mark(sequence, queue);
                        words.set(layout.slot(slot), Stamp.WITHDRAWN);
                        queue.add(FILL, PAYLOAD + 16L * slot, sequence);
                        queue.store(layout.slot(slot), Stamp.of(sequence, slot));
                        queue.store(StreamDescriptor.LATEST_AT, Stamp.of(sequence, slot));
                    }
                },
                -1);
        all.add(gpu(WRITER_QUEUE), -1);
        all.add(reader(WaitMode.POLL, 1), -1);
        all.add(gpu(READER_QUEUE), -1);
        assertThrows(AssertionError.class, all::explore);
    }
}
