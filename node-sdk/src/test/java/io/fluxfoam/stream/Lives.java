package io.fluxfoam.stream;

import io.fluxfoam.device.Device;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.OwnerKey;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What readers and writers do in lives that come to every store of their halves of the protocol.
 */
final class Lives {
    private static final long POLL_TIMEOUT_NS = 30_000_000_000L;

    private Lives() {}

    /** Fills a claim with its sequence-to-be in every word and commits it. */
    static void fillAndCommit(Claim claim, long value) {
        MemorySegment payload = claim.payload();
        for (long at = 0; at < payload.byteSize(); at += 8) {
            payload.set(ValueLayout.JAVA_LONG, at, value);
        }
        claim.commit(value, value);
    }

    /** Commits one tensor. */
    static void commit(StreamWriter writer) {
        try (Claim claim = writer.claim()) {
            fillAndCommit(claim, writer.sequence() + 1);
        }
    }

    /** Looks at every word of a tensor. */
    static void verify(Lease lease) {
        MemorySegment payload = lease.payload();
        long value = lease.sequence();
        for (long at = 0; at < payload.byteSize(); at += 8) {
            if (payload.get(ValueLayout.JAVA_LONG, at) != value) {
                throw new AssertionError(
                        "torn: sequence="
                                + value
                                + " found="
                                + payload.get(ValueLayout.JAVA_LONG, at)
                                + " at="
                                + at);
            }
        }
        if (!lease.isIntact() || lease.frameNumber() != value || lease.captureNs() != value) {
            throw new AssertionError(
                    "damaged: sequence=" + value + " frameNumber=" + lease.frameNumber());
        }
    }

    /**
     * A reader's life: joins, reads, loses a race against the writer, sleeps, wakes, and leaves.
     *
     * @param lap makes the writer go once round the ring
     */
    static void reader(
            Life life, FoamDirectory foam, String control, StreamReader.Join join, Runnable lap)
            throws IOException {
        life.step("reader.join");
        StreamReader reader = life.own(StreamReader.open(foam, control, join, life));
        for (int i = 0; i < 2; i++) {
            life.step("reader.lease");
            Lease lease = poll(reader, lap);
            verify(lease);
            life.step("reader.close");
            lease.close();
        }
        lap.run();
        life.at("reader.race.0", _ -> lap.run());
        life.step("reader.race");
        Lease won = poll(reader, lap);
        verify(won);
        life.step("reader.release");
        won.close();
        life.step("reader.sleep");
        reader.prepareSleep();
        life.step("reader.wake");
        reader.endSleep();
        life.step("reader.leave");
        reader.close();
    }

    private static Lease poll(StreamReader reader, Runnable lap) {
        long deadlineNs = System.nanoTime() + POLL_TIMEOUT_NS;
        for (Lease lease = reader.poll(); ; lease = reader.poll()) {
            if (lease != null) {
                return lease;
            }
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError("the writer does not go on");
            }
            lap.run();
        }
    }

    /** Whom a writer's life touches. */
    interface Witness {
        /** The stream is there. */
        void born(StreamWriter writer) throws IOException;

        /** Between two steps. */
        void between();
    }

    /**
     * A writer's life: creates, commits, spares a slot that is leased under its eyes, aborts, and
     * reclaims the lane of a reader of its own as if that were dead.
     */
    static void writer(
            Life life,
            FoamDirectory foam,
            String node,
            long incarnation,
            StreamSpec spec,
            Witness witness)
            throws IOException {
        life.step("writer.create");
        StreamWriter writer =
                life.own(
                        StreamWriter.create(
                                foam, node, incarnation, spec, Device.of("host"), life));
        witness.born(writer);
        String control = FoamDirectory.fileName(node, incarnation, spec.name() + ".control");
        long self = OwnerKey.of(node, incarnation);
        StreamReader.Join join =
                new StreamReader.Join(ReadMode.IN_ORDER, self, LaneOwners.IMMORTAL, true);
        StreamReader own = life.own(StreamReader.open(foam, control, join, life::silently));
        for (int i = 0; i < spec.slots() + 2; i++) {
            commit(life, writer, "writer.claim");
            witness.between();
        }
        life.at("writer.spared-claim.0", readyWord -> leaseSlot(life, own, readyWord));
        commit(life, writer, "writer.spared-claim");
        witness.between();
        life.step("writer.abort");
        writer.claim().close();
        witness.between();
        life.step("writer.reclaim");
        writer.reclaim(owner -> owner == self);
        life.step("writer.rate");
        writer.updateRate(System.nanoTime());
        commit(life, writer, "writer.claim");
    }

    private static void commit(Life life, StreamWriter writer, String claimStep) {
        life.step(claimStep);
        Claim claim = writer.claim();
        life.step("writer.commit");
        fillAndCommit(claim, writer.sequence() + 1);
    }

    /** Leases the very slot that the writer has looked at and is about to withdraw. */
    private static void leaseSlot(Life life, StreamReader reader, long readyWord) {
        long wanted = Stamp.sequence(life.words().get(readyWord));
        for (Lease lease = reader.poll();
                lease != null && lease.sequence() != wanted;
                lease = reader.poll()) {
            lease.close();
        }
    }
}
