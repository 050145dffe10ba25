package io.fluxfoam.stream;

import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.memory.SegmentWords;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The memory order of the lease protocol: the real {@link WriterProtocol} and {@link
 * ReaderProtocol} on real words, as this machine and this JVM reorder them. {@code bench jcstress}
 * runs it. That the protocol is right under every interleaving is InterleavingsTest's work.
 */
public final class LeaseStress {
    private static final int SLOTS = 3;
    private static final int MAX_READERS = 1;

    private LeaseStress() {}

    /**
     * Three slots with one commit in each, a writer about to overwrite the oldest, and a reader
     * that wants it.
     */
    public static class Ring {
        final StreamDescriptor layout = new StreamDescriptor(SLOTS, MAX_READERS);
        final SegmentWords words =
                new SegmentWords(
                        MemorySegment.ofArray(
                                new long[(int) Math.ceilDiv(layout.controlBytes(), 8)]));
        final MemorySegment payload = MemorySegment.ofArray(new long[2 * SLOTS]);
        final WriterProtocol writer = new WriterProtocol(words, layout);
        final ReaderProtocol reader = new ReaderProtocol(words, layout, OwnerKey.of("reader", 1));

        Ring() {
            for (int commit = 0; commit < SLOTS; commit++) {
                write(writer.take(), commit + 1);
            }
            reader.attach(LaneOwners.IMMORTAL, true);
        }

        /** Fills a slot with the sequence that its commit will have. */
        final long write(int slot, long sequence) {
            payload.setAtIndex(ValueLayout.JAVA_LONG, 2L * slot, sequence);
            payload.setAtIndex(ValueLayout.JAVA_LONG, 2L * slot + 1, sequence);
            return writer.publish(slot);
        }

        /**
         * 0 if there is no lease, 1 if the leased slot has the bytes of its commit, 2 if it is
         * torn.
         */
        final int check(long stamp) {
            if (stamp == Stamp.WITHDRAWN) {
                return 0;
            }
            long at = 2L * Stamp.slot(stamp);
            long first = payload.getAtIndex(ValueLayout.JAVA_LONG, at);
            long second = payload.getAtIndex(ValueLayout.JAVA_LONG, at + 1);
            return first == Stamp.sequence(stamp) && second == first ? 1 : 2;
        }
    }

    /** A slot is never taken by the writer and leased by the reader at the same time. */
    @JCStressTest
    @State
    @Outcome(
            id = {"0, 1", "0, 2", "1, 0", "1, 2"},
            expect = Expect.ACCEPTABLE,
            desc = "different slots")
    @Outcome(
            id = {"0, 0", "1, 1", "2, 2"},
            expect = Expect.FORBIDDEN,
            desc = "one slot for both")
    public static class TakeAgainstLease extends Ring {
        /** Takes a slot. */
        @Actor
        public void take(II_Result result) {
            result.r1 = writer.take();
        }

        /** Leases the oldest commit that is there. */
        @Actor
        public void lease(II_Result result) {
            result.r2 = Stamp.slot(reader.leaseNext());
        }
    }

    /**
     * What is leased stays as it is while the writer commits twice; nothing half written is ever
     * leased.
     */
    @JCStressTest
    @State
    @Outcome(
            id = {"4, 5, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "both commits made, whole bytes read")
    @Outcome(expect = Expect.FORBIDDEN, desc = "torn bytes, or a writer that was held up")
    public static class CommitAgainstRead extends Ring {
        /** Commits twice. */
        @Actor
        public void commit(III_Result result) {
            result.r1 = (int) write(writer.take(), SLOTS + 1);
            result.r2 = (int) write(writer.take(), SLOTS + 2);
        }

        /** Leases the newest commit, reads it and ends the lease. */
        @Actor
        public void read(III_Result result) {
            result.r3 = check(reader.leaseNewest());
            reader.release();
        }
    }

    /** A reader that goes to sleep sees the commit, or the writer sees the sleeper. */
    @JCStressTest
    @State
    @Outcome(
            id = {"true, true", "true, false", "false, true"},
            expect = Expect.ACCEPTABLE,
            desc = "one sees the other")
    @Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "slept through a commit")
    public static class CommitAgainstSleep extends Ring {
        /** The reader has read all that is there. */
        public CommitAgainstSleep() {
            reader.leaseNewest();
            reader.release();
        }

        /** Commits; whether there is somebody to wake. */
        @Actor
        public void commit(ZZ_Result result) {
            writer.publish(writer.take());
            result.r1 = writer.ring();
        }

        /** Prepares to sleep; whether there is news. */
        @Actor
        public void sleep(ZZ_Result result) {
            reader.prepareSleep();
            result.r2 = reader.hasNews();
        }
    }

    /** Two readers never get one lane. */
    @JCStressTest
    @State
    @Outcome(
            id = {"true, false", "false, true"},
            expect = Expect.ACCEPTABLE,
            desc = "one of them")
    @Outcome(expect = Expect.FORBIDDEN, desc = "both or none")
    public static class AttachAgainstAttach {
        private final Ring ring = new Ring();
        private final ReaderProtocol second =
                new ReaderProtocol(ring.words, ring.layout, OwnerKey.of("second", 1));
        private final ReaderProtocol third =
                new ReaderProtocol(ring.words, ring.layout, OwnerKey.of("third", 1));

        /** Frees the only lane. */
        public AttachAgainstAttach() {
            ring.reader.detach();
        }

        /** One reader. */
        @Actor
        public void attachSecond(ZZ_Result result) {
            result.r1 = second.attach(LaneOwners.IMMORTAL, false);
        }

        /** The other. */
        @Actor
        public void attachThird(ZZ_Result result) {
            result.r2 = third.attach(LaneOwners.IMMORTAL, false);
        }
    }
}
