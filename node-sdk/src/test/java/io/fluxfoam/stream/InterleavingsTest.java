package io.fluxfoam.stream;

import static io.fluxfoam.stream.Interleavings.awaitSet;
import static io.fluxfoam.stream.Interleavings.require;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.device.HostFence;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.memory.Words;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real protocol under every interleaving: one writer, a reader of the newest and one in order,
 * 4 slots, 5 commits, and as many polls as there can be; deaths of all three at any step, and who
 * comes after them.
 */
class InterleavingsTest {
    private static final int READERS = 2;
    private static final int COMMITS = 5;
    private static final long PAYLOAD = 1L << 20;
    private static final long DEAD = 1L << 21;
    private static final long SOME_READER_DEAD = DEAD + 64;
    private static final long WRITER_DEAD = DEAD + 72;
    private static final long WRITER_OVER = DEAD + 80;
    private static final long FIRST_OWNER = OwnerKey.of("reader", 1);
    private static final long[] IMMORTAL = {};

    private StreamDescriptor layout = new StreamDescriptor(READERS + 2, READERS);
    private final Interleavings all = new Interleavings();
    private final Words words = all.words();
    private final Deaths deaths = new Deaths(words);

    /** Death as facts tell it: a word that the death itself sets. */
    private record Deaths(Words words) implements LaneOwners {
        @Override
        public boolean isDead(long owner) {
            return words.get(DEAD + 8 * (owner - FIRST_OWNER)) != 0;
        }
    }

    /** Commits, with a control turn before each claim. */
    private record Writer(Words words, WriterProtocol protocol, LaneOwners deaths, int commits)
            implements Runnable {
        @Override
        public void run() {
            for (int i = 0; i < commits; i++) {
                protocol.reclaim(deaths);
                int slot = protocol.take();
                require(slot >= 0, "no slot is free");
                long value = protocol.sequence() + 1;
                words.set(PAYLOAD + 16L * slot, value);
                words.set(PAYLOAD + 16L * slot + 8, value);
                protocol.publish(slot);
            }
            words.set(WRITER_OVER, 1);
        }
    }

    /** Polls until the writer is over and everything has been read, and leaves. */
    private record Reader(
            Words words,
            ReaderProtocol protocol,
            StreamDescriptor layout,
            boolean inOrder,
            int distance)
            implements Runnable {
        @Override
        public void run() {
            long last = protocol.sequence();
            long unread = last;
            for (boolean goesOn = true; goesOn; ) {
                boolean isOver = words.get(WRITER_OVER) != 0;
                long stamp = poll();
                if (stamp != 0) {
                    int slot = Stamp.slot(stamp);
                    long sequence = Stamp.sequence(stamp);
                    require(sequence > last, "went back");
                    require(distance == 0 || newest() >= sequence, "too near to the newest");
                    require(words.get(PAYLOAD + 16L * slot) == sequence, "torn");
                    require(words.get(PAYLOAD + 16L * slot + 8) == sequence, "torn");
                    unread += sequence - last - 1;
                    last = sequence;
                    require(protocol.missed() == unread, "miscounted");
                    protocol.release();
                } else if (isOver) {
                    goesOn = false;
                }
            }
            require(
                    protocol.sequence() == Math.max(0, newest()) || !isThere(newest()),
                    "the newest was never found");
            protocol.detach();
        }

        private long poll() {
            if (protocol.isIdle()) {
                return 0;
            }
            return inOrder ? protocol.leaseNext() : protocol.leaseNewest();
        }

        /** Only the newest commit of all is never recycled. */
        private boolean isThere(long sequence) {
            long stamp = words.get(layout.indexEntry(sequence));
            return distance == 0 || words.get(layout.slot(Stamp.slot(stamp))) == stamp;
        }

        private long newest() {
            return Stamp.sequence(words.getAcquire(StreamDescriptor.LATEST_AT)) - distance;
        }
    }

    /** Takes the lane of a dead reader, which there is by then, and reads. */
    private record Heir(Words words, ReaderProtocol protocol, LaneOwners deaths, Reader reader)
            implements Runnable {
        @Override
        public void run() {
            awaitSet(words, SOME_READER_DEAD);
            require(protocol.attach(deaths, true), "the lane of a dead reader could not be taken");
            reader.run();
        }
    }

    private void addWriter(int commits, long... deathWords) {
        all.add(
                "writer",
                new Writer(words, new WriterProtocol(words, layout), deaths, commits),
                deathWords);
    }

    /** A reader that is there from the beginning. */
    private void addReader(int reader, boolean inOrder, long... deathWords) {
        addReader(reader, inOrder, 0, deathWords);
    }

    private void addReader(int reader, boolean inOrder, int distance, long... deathWords) {
        HostFence fence = new HostFence(words);
        ReaderProtocol protocol =
                new ReaderProtocol(words, layout, FIRST_OWNER + reader, fence, distance);
        assertTrue(protocol.attach(LaneOwners.IMMORTAL, true));
        all.add(
                "reader-" + reader,
                new Reader(words, protocol, layout, inOrder, distance),
                deathWords);
    }

    private void addMortalReaders() {
        addReader(0, false, DEAD, SOME_READER_DEAD);
        addReader(1, true, DEAD + 8, SOME_READER_DEAD);
    }

    private void addHeir(boolean inOrder) {
        ReaderProtocol protocol = new ReaderProtocol(words, layout, FIRST_OWNER + READERS);
        all.add(
                "heir",
                new Heir(words, protocol, deaths, new Reader(words, protocol, layout, inOrder, 0)));
    }

    private void explore() {
        all.atEachEnd(this::requireThatNothingIsLost);
        long startNs = System.nanoTime();
        all.explore();
        System.out.println(all.report() + " millis=" + (System.nanoTime() - startNs) / 1_000_000);
    }

    /**
     * When all have ended or died: a cleaner frees all lanes, whoever joins late reads the newest,
     * and every slot can be had.
     */
    private void requireThatNothingIsLost() {
        WriterProtocol writer = new WriterProtocol(words, layout);
        writer.reclaim(deaths);
        for (int i = 0; i < layout.maxReaders(); i++) {
            ReaderProtocol late = new ReaderProtocol(words, layout, FIRST_OWNER + 3 + i);
            require(late.attach(LaneOwners.IMMORTAL, false), "a lane is lost");
            long stamp = late.leaseNewest();
            require(stamp == words.get(StreamDescriptor.LATEST_AT), "the newest is not there");
            if (stamp != 0) {
                require(
                        words.get(PAYLOAD + 16L * Stamp.slot(stamp)) == Stamp.sequence(stamp),
                        "torn");
                late.release();
            }
        }
        int commits = 0;
        int taken = 0;
        for (int slot = 0; slot < layout.slots(); slot++) {
            commits += words.get(layout.slot(slot)) == Stamp.WITHDRAWN ? 0 : 1;
        }
        long newest = Stamp.sequence(words.get(StreamDescriptor.LATEST_AT));
        long least =
                Math.min(newest, layout.slots())
                        - words.get(WRITER_DEAD); // it may have been about to reuse one
        require(commits >= least, "a commit is lost");
        for (int i = 0; i < layout.slots(); i++) {
            taken |= 1 << writer.take();
        }
        require(taken == (1 << layout.slots()) - 1, "a slot is lost");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void shouldNeverTearNorGetStuckNorLoseASlotThoughReadersDie() {
        addWriter(COMMITS);
        addMortalReaders();
        explore();
        assertTrue(all.states() > 10_000_000);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void shouldGoOnReadingWhenTheWriterDies() {
        addWriter(COMMITS, WRITER_DEAD, WRITER_OVER);
        addReader(0, false, IMMORTAL);
        addReader(1, true, IMMORTAL);
        explore();
        assertTrue(all.states() > 10_000_000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldStayBehind(boolean inOrder) {
        layout = new StreamDescriptor(4, 1);
        addWriter(COMMITS + 2, WRITER_DEAD, WRITER_OVER);
        addReader(0, inOrder, 1, DEAD, SOME_READER_DEAD);
        explore();
        assertTrue(all.states() > 10_000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLetAnHeirTakeTheLaneOfTheDead(boolean inOrder) {
        addWriter(4, WRITER_DEAD, WRITER_OVER);
        addMortalReaders();
        addHeir(inOrder);
        explore();
        assertTrue(all.states() > 1_000_000);
    }

    /** With one lane and three slots, so that the ring is gone round twice. */
    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void shouldLetAnHeirTakeTheOnlyLane(boolean inOrder, boolean heirInOrder) {
        layout = new StreamDescriptor(3, 1);
        addWriter(COMMITS, WRITER_DEAD, WRITER_OVER);
        addReader(0, inOrder, DEAD, SOME_READER_DEAD);
        addHeir(heirInOrder);
        explore();
        assertTrue(all.states() > 100_000);
    }

    @Test
    @Tag("slow")
    void shouldLetAnHeirTakeTheLaneOfTheDeadInTheLongRun() {
        addWriter(COMMITS, IMMORTAL);
        addReader(0, false, DEAD, SOME_READER_DEAD);
        addReader(1, true, IMMORTAL);
        addHeir(false);
        explore();
    }

    /**
     * Expects that the walk finds out what was left out of the protocol; if it does not, the tests
     * above prove nothing.
     */
    private void findsOut(String wrong) {
        addWriter(COMMITS, WRITER_DEAD, WRITER_OVER);
        addMortalReaders();
        all.atEachEnd(this::requireThatNothingIsLost);
        AssertionError error = assertThrows(AssertionError.class, all::explore);
        assertTrue(error.getCause().getMessage().endsWith(wrong), error.getMessage());
        System.out.println(
                "found out after states=" + all.states() + ": " + error.getCause().getMessage());
    }

    @Test
    void shouldFindOutThatTheWriterIgnoresLeases() {
        all.without("WriterProtocol.take", "WriterProtocol.isLeased", 0);
        all.without("WriterProtocol.withdraw", "WriterProtocol.isLeased", 0);
        findsOut("torn");
    }

    @Test
    void shouldFindOutThatTheWriterDoesNotLookAgain() {
        all.without("WriterProtocol.withdraw", "WriterProtocol.isLeased", 0);
        findsOut("torn");
    }

    @Test
    void shouldFindOutThatTheWriterDoesNotWithdraw() {
        all.without("WriterProtocol.withdraw", "Words.set", 0);
        findsOut("torn");
    }

    @Test
    void shouldFindOutThatTheWriterDoesNotPutBackWhatItSpared() {
        all.without("WriterProtocol.withdraw", "Words.setRelease", 0);
        findsOut("a commit is lost");
    }

    @Test
    void shouldFindOutThatTheReaderDoesNotLookAgain() {
        all.without("ReaderProtocol.tryLease", "ReaderProtocol.isThere", 1);
        findsOut("torn");
    }

    @Test
    void shouldFindOutThatTheReaderDoesNotAnnounce() {
        all.without("ReaderProtocol.leaseNewest", "ReaderProtocol.announce", 0);
        findsOut("torn");
    }

    @Test
    void shouldFindOutThatTheWriterReclaimsFromTheLiving() {
        all.without("WriterProtocol.reclaim", "LaneOwners.isDead", 1);
        findsOut("torn");
    }

    /**
     * Commits once and rings; a sleeper that nobody woke although there was a commit would sleep
     * for good.
     */
    private record Ringer(Words words, WriterProtocol protocol) implements Runnable {
        @Override
        public void run() {
            protocol.publish(protocol.take());
            if (protocol.ring()) {
                words.set(PAYLOAD, 1);
            }
            require(
                    words.get(PAYLOAD + 8) == 0 || words.get(PAYLOAD) == 1,
                    "slept through the commit");
        }
    }

    /**
     * Sleeps if the doorbell has not rung since before it looked, as a subscription does; futex
     * looks at it once more.
     */
    private record Sleeper(Words words, ReaderProtocol protocol) implements Runnable {
        @Override
        public void run() {
            int heard = protocol.doorbell();
            if (protocol.leaseNewest() == 0
                    && protocol.prepareSleep() == heard
                    && words.compareAndSet(StreamDescriptor.DOORBELL_AT, heard, heard)) {
                words.set(PAYLOAD + 8, 1);
            }
        }
    }

    private void addSleeper() {
        ReaderProtocol protocol = new ReaderProtocol(words, layout, FIRST_OWNER);
        assertTrue(protocol.attach(LaneOwners.IMMORTAL, true));
        all.add("ringer", new Ringer(words, new WriterProtocol(words, layout)));
        all.add("sleeper", new Sleeper(words, protocol));
    }

    @Test
    void shouldNeverSleepThroughACommit() {
        addSleeper();
        all.explore();
        assertTrue(all.states() > 100);
    }

    @Test
    void shouldFindOutThatAReaderDoesNotSayThatItSleeps() {
        addSleeper();
        all.without("ReaderProtocol.prepareSleep", "Words.setIntRelease", 0);
        assertThrows(AssertionError.class, all::explore);
    }

    @Test
    void shouldFindOutThatTheDoorbellNeverChanges() {
        addSleeper();
        all.without("WriterProtocol.ring", "Words.setIntRelease", 0);
        assertThrows(AssertionError.class, all::explore);
    }
}
