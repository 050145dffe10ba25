package io.fluxfoam.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.memory.Words;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The real protocol under every interleaving: one writer, a reader of the newest, a reader in order, deaths anywhere. */
class InterleavingsTest {
    private static final int READERS = 2;
    private static final long PAYLOAD = 1L << 20;
    private static final long DEAD = 1L << 21;

    private final StreamDescriptor layout = new StreamDescriptor(READERS + 2, READERS);

    private static long owner(int reader) {
        return OwnerKey.of("reader-" + reader, 1);
    }

    /** Death as facts tell it: a word that the death itself sets. */
    private LaneOwners deaths(Words words) {
        return owner -> {
            for (int reader = 0; reader < READERS; reader++) {
                if (owner == owner(reader)) {
                    return words.get(DEAD + 8L * reader) == 1;
                }
            }
            return false;
        };
    }

    private Interleavings.Party writer(int commits, boolean reclaims) {
        return words -> {
            WriterProtocol protocol = new WriterProtocol(words, layout);
            for (int i = 0; i < commits; i++) {
                words.mark(i, protocol);
                if (reclaims) {
                    protocol.reclaim(deaths(words));
                }
                int slot = protocol.take();
                assertTrue(slot >= 0, "no slot is free");
                long value = protocol.sequence() + 1;
                words.set(PAYLOAD + 16L * slot, value);
                words.set(PAYLOAD + 16L * slot + 8, value);
                protocol.publish(slot);
            }
        };
    }

    private Interleavings.Party reader(int reader, boolean inOrder, int leases) {
        return words -> {
            ReaderProtocol protocol = new ReaderProtocol(words, layout, owner(reader));
            assertTrue(protocol.attach(LaneOwners.IMMORTAL, true));
            long last = 0;
            for (int i = 0; i < leases; i++) {
                words.mark(i * 100L + last, protocol);
                long stamp = inOrder ? protocol.leaseNext() : protocol.leaseNewest();
                if (stamp == 0) {
                    continue;
                }
                int slot = Stamp.slot(stamp);
                long sequence = Stamp.sequence(stamp);
                assertTrue(sequence > last, "went back");
                assertEquals(sequence, words.get(PAYLOAD + 16L * slot), "torn");
                assertEquals(sequence, words.get(PAYLOAD + 16L * slot + 8), "torn");
                last = sequence;
                protocol.release();
            }
        };
    }

    private Interleavings exploration(int commits, int leases, boolean deaths) {
        Interleavings all = new Interleavings();
        all.add(writer(commits, deaths), -1);
        all.add(reader(0, false, leases), deaths ? DEAD : -1);
        all.add(reader(1, true, leases), deaths ? DEAD + 8 : -1);
        return all;
    }

    @Test
    void shouldNeverTearNorRunOutOfSlots() {
        Interleavings all = exploration(3, 2, true);
        all.explore();
        System.out.println("states=" + all.states() + " terminal=" + all.terminalStates());
        assertTrue(all.states() > 100_000);
    }

    @Test
    @Tag("slow")
    void shouldNeverTearNorRunOutOfSlotsInTheLongRun() {
        Interleavings all = exploration(Integer.getInteger("commits", 5), Integer.getInteger("leases", 2), true);
        all.explore();
        System.out.println("states=" + all.states() + " terminal=" + all.terminalStates());
    }

    /** Without the writer's second look a reader must see a torn slot, or this exploration proves nothing. */
    @Test
    void shouldTearIfTheWriterDoesNotLookAgain() {
        Interleavings all = new Interleavings();
        all.add(
                words -> {
                    for (int sequence = 1; sequence <= layout.slots() + 1; sequence++) {
                        int slot = sequence % layout.slots();
                        words.mark(sequence);
                        words.set(layout.slot(slot), 0);
                        words.set(PAYLOAD + 16L * slot, sequence);
                        words.set(PAYLOAD + 16L * slot + 8, sequence);
                        words.setRelease(layout.slot(slot), Stamp.of(sequence, slot));
                        words.setRelease(StreamDescriptor.LATEST_AT, Stamp.of(sequence, slot));
                    }
                },
                -1);
        all.add(reader(0, false, 1), -1);
        assertThrows(AssertionError.class, all::explore);
    }

    /** A reader that finds nothing and goes to sleep is woken, or finds the doorbell changed: it never sleeps through a commit. */
    @Test
    void shouldNeverSleepThroughACommit() {
        long woken = PAYLOAD;
        long slept = PAYLOAD + 8;
        Interleavings all = new Interleavings();
        all.add(
                words -> {
                    WriterProtocol protocol = new WriterProtocol(words, layout);
                    words.mark(0, protocol);
                    int slot = protocol.take();
                    protocol.publish(slot);
                    if (protocol.ring()) {
                        words.set(woken, 1);
                    }
                    // The end: a sleeper that nobody woke although there was a commit sleeps for good.
                    boolean lost = words.get(slept) == 1 && words.get(woken) == 0;
                    assertTrue(!lost, "slept through the commit");
                },
                -1);
        all.add(
                words -> {
                    ReaderProtocol protocol = new ReaderProtocol(words, layout, owner(0));
                    protocol.attach(LaneOwners.IMMORTAL, true);
                    words.mark(0, protocol);
                    int doorbell = protocol.prepareSleep();
                    if (protocol.hasNews()) {
                        protocol.endSleep();
                        return;
                    }
                    // futex: sleeps only if the word still has the value
                    if (words.compareAndSet(StreamDescriptor.DOORBELL_AT, doorbell, doorbell)) {
                        words.set(slept, 1);
                    }
                },
                -1);
        all.explore();
        assertTrue(all.states() > 100);
    }
}
