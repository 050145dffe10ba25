package io.fluxfoam.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.device.Fence;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.memory.SegmentWords;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The protocol with commits in flight, one step at a time: stores behind a GPU's work happen when
 * the test says so.
 */
class InFlightTest {
    private static final long OWNER = OwnerKey.of("reader", 3);

    private final StreamDescriptor layout = new StreamDescriptor(4, 2);
    private final SegmentWords words =
            new SegmentWords(Arena.ofAuto().allocate(layout.controlBytes(), 8));
    private final ByHand writersGpu = new ByHand();
    private final ByHand readersGpu = new ByHand();
    private final WriterProtocol writer = new WriterProtocol(words, layout, writersGpu);

    /** A fence whose stores wait for {@link #work}. */
    private final class ByHand implements Fence {
        private final Queue<Runnable> queued = new ArrayDeque<>();

        private void work() {
            queued.forEach(Runnable::run);
            queued.clear();
        }

        @Override
        public void store(long offset, long value) {
            queued.add(() -> words.setRelease(offset, value));
        }

        @Override
        public boolean canAwait() {
            return true;
        }

        @Override
        public void awaitAtLeast(long offset, long value) {}

        @Override
        public boolean isImmediate() {
            return false;
        }

        @Override
        public void close() {}
    }

    private ReaderProtocol reader(long owner) {
        ReaderProtocol reader = new ReaderProtocol(words, layout, owner, readersGpu);
        assertTrue(reader.attach(owner2 -> true, false));
        return reader;
    }

    private int commit() {
        int slot = writer.take();
        writer.publish(slot);
        return slot;
    }

    @Test
    void shouldNotTakeASlotWhoseStampIsStillToComeThoughAllOthersAreTaken() {
        ReaderProtocol one = reader(OWNER);
        commit();
        writersGpu.work();
        assertTrue(one.leaseNewest() != 0);
        int inFlight = commit();
        assertEquals(1, writer.inFlight());
        int third = writer.take();
        assertTrue(third != inFlight);
        long lane = layout.lane(1); // a second reader, looking at each of the others in turn
        words.set(lane, OWNER + 1);
        words.set(lane + StreamDescriptor.LEASE_ID_IN_LANE, 1);
        for (int slot = 0; slot < 4; slot++) {
            if (slot != inFlight) {
                words.set(lane + StreamDescriptor.HELD_IN_LANE, Stamp.of(99, slot));
                assertTrue(writer.take() != inFlight, "slot=" + slot);
            }
        }
    }

    @Test
    void shouldSeeACommitOnlyWhenItHasArrived() {
        ReaderProtocol reader = reader(OWNER);
        commit();
        assertEquals(0, reader.leaseNewest());
        assertEquals(0, reader.leaseNext());
        assertFalse(reader.hasNews());
        assertTrue(reader.hasInFlight());
        writersGpu.work();
        assertTrue(reader.hasNews());
        assertEquals(1, Stamp.sequence(reader.leaseNext()));
        assertTrue(reader.hasArrived());
    }

    @Test
    void shouldNotLeaseAgainBeforeTheLastLeaseHasEnded() {
        ReaderProtocol reader = reader(OWNER);
        commit();
        writersGpu.work();
        assertTrue(reader.leaseNewest() != 0);
        reader.release();
        commit();
        writersGpu.work();
        assertEquals(0, reader.leaseNewest());
        assertTrue(reader.isReleasing());
        readersGpu.work();
        assertFalse(reader.isReleasing());
        assertEquals(2, Stamp.sequence(reader.leaseNewest()));
    }

    @Test
    void shouldLeaseTheNewestInFlightOrTheNextOne() {
        ReaderProtocol newest = reader(OWNER);
        commit();
        commit();
        assertEquals(2, Stamp.sequence(newest.leaseInFlight(true)));
        assertFalse(newest.hasArrived());
        assertEquals(1, newest.missed());
        ReaderProtocol next = reader(OWNER + 1);
        assertEquals(1, Stamp.sequence(next.leaseInFlight(false)));
        assertEquals(0, next.missed());
    }

    @Test
    void shouldNotConfirmWhatADeadWriterNeverFinished() {
        ReaderProtocol reader = reader(OWNER);
        int slot = commit();
        long stamp = reader.leaseInFlight(true);
        reader.orphan();
        assertTrue(words.get(layout.slot(slot)) >= stamp, "the wait is over");
        assertFalse(reader.confirm(stamp));
        writersGpu.work();
        assertFalse(reader.confirm(stamp), "its GPU stamped when the wait was over already");
        reader.release();
        readersGpu.work();
        assertEquals(0, reader.leaseInFlight(true));
        assertEquals(0, reader.leaseNewest(), "it has been leased once");
    }

    @Test
    void shouldConfirmWhatArrivedBeforeTheWriterDied() {
        ReaderProtocol reader = reader(OWNER);
        commit();
        long stamp = reader.leaseInFlight(true);
        writersGpu.work();
        assertTrue(reader.confirm(stamp));
        reader.orphan();
        assertTrue(reader.confirm(stamp), "what was true once stays true");
    }

    /**
     * The lane's last owner died while its GPU worked; the GPU says so late, to whoever has the
     * lane now.
     */
    @Test
    void shouldNotTakeALateEndOfADeadReadersLeaseForItsOwn() {
        ReaderProtocol dead = reader(OWNER);
        commit();
        writersGpu.work();
        dead.leaseNewest();
        dead.release();
        ReaderProtocol next = reader(OWNER + 1); // of the same incarnation, in the same lane
        commit();
        writersGpu.work();
        int leased = Stamp.slot(next.leaseNewest());
        readersGpu.work();
        for (int i = 0; i < 8; i++) {
            assertTrue(commit() != leased);
            writersGpu.work();
        }
    }
}
