package io.fluxfoam.stream;

import static io.fluxfoam.stream.StreamDescriptor.*;

import io.fluxfoam.device.Fence;
import io.fluxfoam.device.HostFence;
import io.fluxfoam.memory.Words;

/**
 * The writer's half of the lease protocol: every load and store of shared words that a claim and a
 * commit consist of. Belongs to one thread. Never waits: there are always more slots than leases,
 * the newest commit and the claim itself.
 *
 * <p>A reader announces its lease and then looks whether the slot is still the one it wants; the
 * writer withdraws the slot and then looks whether a lease was announced. Both have a full fence
 * between the two, so at least one of them sees the other, and the slot is never written while it
 * is read.
 *
 * <p>On a GPU the slot is filled by work that is only queued, and {@code ready} and {@code latest}
 * are stored behind it in the same queue: the commit is then <em>in flight</em>, known by its index
 * entry, and its slot must not be taken before its stamp has arrived, else the late stamp would
 * announce what the next commit overwrites.
 */
final class WriterProtocol {
    /**
     * At any instant a slot is free, but a reader that moves on while we look may be met at each
     * slot in turn. Every pass that fails so takes a reader's whole lease, so a handful would do;
     * the bound is there to have one.
     */
    private static final int MAX_PASSES = 64;

    private final Words words;
    private final StreamDescriptor layout;
    private final Fence fence;
    private final boolean isImmediate;
    private long sequence;
    private long completed;
    private int newestSlot = -1;
    private int lastTaken = -1;
    private long unannounced;

    WriterProtocol(Words words, StreamDescriptor layout) {
        this(words, layout, new HostFence(words));
    }

    WriterProtocol(Words words, StreamDescriptor layout, Fence fence) {
        this.words = words;
        this.layout = layout;
        this.fence = fence;
        this.isImmediate = fence.isImmediate();
    }

    /**
     * Takes the next slot after the one taken last that is not the newest commit, not in flight,
     * and read by nobody. If we die after this the slot stays withdrawn, and what it held is gone,
     * as it would be if we had lived.
     *
     * @return the slot, or -1 if readers took every slot from under our eyes, {@value #MAX_PASSES}
     *     times over
     */
    int take() {
        refresh();
        int slots = layout.slots();
        int candidate = lastTaken;
        for (int tried = 0; tried < slots * MAX_PASSES; tried++) {
            candidate = candidate + 1 == slots ? 0 : candidate + 1;
            if (candidate != newestSlot
                    && !isInFlight(candidate)
                    && !isLeased(candidate)
                    && withdraw(candidate)) {
                lastTaken = candidate;
                return candidate;
            }
        }
        return -1;
    }

    /** Looks which of our commits have arrived. */
    private void refresh() {
        if (completed != sequence) {
            long latest = words.getAcquire(LATEST_AT);
            completed = Stamp.sequence(latest);
            newestSlot = latest == Stamp.WITHDRAWN ? -1 : Stamp.slot(latest);
        }
    }

    /** Number of commits whose stamps are still to come. */
    int inFlight() {
        refresh();
        return (int) (sequence - completed);
    }

    private boolean isInFlight(int slot) {
        for (long flying = completed + 1; flying <= sequence; flying++) {
            if (Stamp.slot(words.get(layout.indexEntry(flying))) == slot) {
                return true;
            }
        }
        return false;
    }

    private boolean withdraw(int slot) {
        long ready = layout.slot(slot);
        long old = words.get(ready);
        words.set(ready, Stamp.WITHDRAWN);
        words.fullFence();
        if (isLeased(slot)) {
            words.setRelease(ready, old);
            return false;
        }
        return true;
    }

    private boolean isLeased(int slot) {
        for (int lane = 0; lane < layout.maxReaders(); lane++) {
            long at = layout.lane(lane);
            if (words.getAcquire(at) == 0) {
                continue;
            }
            long held = words.getAcquire(at + HELD_IN_LANE);
            if (held != 0
                    && Stamp.slot(held) == slot
                    && words.getAcquire(at + DONE_IN_LANE)
                            != words.getAcquire(at + LEASE_ID_IN_LANE)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Makes a taken slot the newest commit, behind the work that fills it. Its header must have
     * been written. If we die between two of these stores, readers see the commit by {@code latest}
     * or not at all, but never half of it. If the device refuses the first of them, nothing has
     * happened; if it refuses the second, the commit is in flight until {@link #announce}, and its
     * slot is not taken.
     *
     * @return the commit's sequence
     */
    long publish(int slot) {
        long stamp = Stamp.of(sequence + 1, slot);
        fence.store(layout.slot(slot), stamp);
        sequence++;
        unannounced = stamp;
        words.setRelease(
                layout.indexEntry(sequence),
                stamp); // from here on a GPU may wait for what is surely queued
        announce();
        if (isImmediate) {
            completed = sequence;
            newestSlot = slot;
        }
        return sequence;
    }

    /**
     * Queues the newest commit's stamp for {@code latest}, if that has not been done. Before each
     * claim.
     */
    void announce() {
        if (unannounced != 0) {
            fence.store(LATEST_AT, unannounced);
            unannounced = 0;
        }
    }

    /** Changes the doorbell and says whether a reader sleeps on it and must be woken. */
    boolean ring() {
        words.setIntRelease(DOORBELL_AT, words.getInt(DOORBELL_AT) + 1);
        words.fullFence();
        for (int lane = 0; lane < layout.maxReaders(); lane++) {
            long at = layout.lane(lane);
            // A reader that died in its sleep leaves the word set until somebody takes its lane.
            if (words.getInt(at + SLEEPING_IN_LANE) != 0 && words.get(at) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Frees the lanes of the dead and with them their leases; returns how many. */
    int reclaim(LaneOwners owners) {
        int freed = 0;
        for (int lane = 0; lane < layout.maxReaders(); lane++) {
            long at = layout.lane(lane);
            long owner = words.getAcquire(at);
            if (owner != 0 && owners.isDead(owner) && words.compareAndSet(at, owner, 0)) {
                freed++;
            }
        }
        return freed;
    }

    void visitLanes(StreamWriter.LaneVisitor visitor) {
        for (int lane = 0; lane < layout.maxReaders(); lane++) {
            long at = layout.lane(lane);
            long owner = words.getAcquire(at);
            if (owner != 0) {
                visitor.lane(lane, owner, Stamp.sequence(words.getAcquire(at + HELD_IN_LANE)));
            }
        }
    }

    /** Sequence of the newest commit, arrived or in flight; 0 before the first. */
    long sequence() {
        return sequence;
    }
}
