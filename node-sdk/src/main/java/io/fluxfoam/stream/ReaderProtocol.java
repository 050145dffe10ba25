package io.fluxfoam.stream;

import static io.fluxfoam.stream.StreamDescriptor.*;

import io.fluxfoam.device.Fence;
import io.fluxfoam.device.HostFence;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.memory.Words;

/**
 * A reader's half of the lease protocol; see {@link WriterProtocol} for why it holds. Belongs to
 * one thread and one lane, writes nothing but its lane, and has at most one lease at a time.
 *
 * <p>On a GPU a lease ends behind the work that reads the slot, so the next one can only begin when
 * {@code done} has arrived. A commit in flight may be leased too: its slot cannot be taken by the
 * writer before its stamp has arrived, and from then on the writer sees the lease.
 */
final class ReaderProtocol {
    private static final int COUNT_BITS = 40;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

    /**
     * After this many lost races in one call a reader goes away and comes back, so that no call
     * runs without a bound.
     */
    private static final int MAX_RACES = 64;

    private final Words words;
    private final StreamDescriptor layout;
    private final long owner;
    private final Fence fence;
    private final boolean isImmediate;
    private final int distance;
    private int lane = -1;
    private long laneAt;
    private long leaseId;
    private long sequence;
    private long missed;
    private boolean releasing;
    private boolean arrived;

    ReaderProtocol(Words words, StreamDescriptor layout, long owner) {
        this(words, layout, owner, new HostFence(words));
    }

    ReaderProtocol(Words words, StreamDescriptor layout, long owner, Fence fence) {
        this(words, layout, owner, fence, 0);
    }

    /** A reader that stays at least {@code distance} commits behind the newest one. */
    ReaderProtocol(Words words, StreamDescriptor layout, long owner, Fence fence, int distance) {
        this.words = words;
        this.layout = layout;
        this.owner = owner;
        this.fence = fence;
        this.isImmediate = fence.isImmediate();
        this.distance = distance;
    }

    /**
     * Takes a free lane, or that of a dead reader.
     *
     * @param fromOldest whether to begin with the oldest commit that is still there and count what
     *     is gone as missed; else with the newest one that it may read
     * @return false if all lanes belong to the living
     */
    boolean attach(LaneOwners owners, boolean fromOldest) {
        for (int candidate = 0; candidate < layout.maxReaders() && lane < 0; candidate++) {
            long at = layout.lane(candidate);
            long before = words.getAcquire(at);
            while (lane < 0 && (before == 0 || owners.isDead(before))) {
                if (words.compareAndSet(at, before, owner)) {
                    lane = candidate;
                    laneAt = at;
                }
                before =
                        words.getAcquire(
                                at); // the writer may have freed it, or another reader been faster
            }
        }
        if (lane < 0) {
            return false;
        }
        // What a dead reader left may still look like a lease of ours: the writer then spares that
        // slot, until here.
        words.setIntRelease(laneAt + SLEEPING_IN_LANE, 0);
        words.setRelease(laneAt + HELD_IN_LANE, 0);
        // Counted on from the lane's last owner: a late store of its GPU must not be the end of a
        // lease of ours.
        long count = words.getAcquire(laneAt + LEASE_ID_IN_LANE) + 1 & COUNT_MASK;
        leaseId = OwnerKey.incarnation(owner) << COUNT_BITS | count;
        words.setRelease(laneAt + LEASE_ID_IN_LANE, leaseId);
        words.setRelease(laneAt + DONE_IN_LANE, leaseId);
        sequence = fromOldest ? 0 : Math.max(0, newest() - 1);
        return true;
    }

    /** Leaves the lane to others. No lease may be open. */
    void detach() {
        if (lane >= 0) {
            if (words.getAcquire(laneAt) == owner) { // else it is somebody else's by now
                words.setRelease(laneAt + HELD_IN_LANE, 0);
                words.compareAndSet(laneAt, owner, 0);
            }
            lane = -1;
        }
    }

    /**
     * Leases the newest commit, or the one at our distance behind it, if it is newer than the last
     * one leased; stamp or 0.
     */
    long leaseNewest() {
        if (isReleasing()) {
            return 0;
        }
        if (distance > 0) {
            return leaseBehindNewest();
        }
        for (int race = 0; race < MAX_RACES; race++) {
            long stamp = words.getAcquire(LATEST_AT);
            long newest = Stamp.sequence(stamp);
            if (newest <= sequence || !isSlot(stamp)) {
                return 0;
            }
            announce(stamp);
            // The newest commit is never withdrawn, so if it still is the newest the slot itself
            // need not be looked at: its
            // header then comes from the writer together with the payload, and not before it.
            if (words.getAcquire(LATEST_AT) == stamp || isThere(stamp)) {
                arrived = true;
                missed += newest - sequence - 1;
                sequence = newest;
                return stamp;
            }
            withdraw();
        }
        return 0;
    }

    /** The commit at our distance, or if that is gone already the newest before it. */
    private long leaseBehindNewest() {
        long newest = newest();
        for (long wanted = newest;
                wanted > Math.max(sequence, newest - layout.indexLength());
                wanted--) {
            long stamp = announced(wanted);
            if (stamp != 0 && isThere(stamp) && tryLease(stamp)) {
                return stamp;
            }
        }
        return 0;
    }

    /**
     * Whether there is nothing to lease. If so it stores what is in the lane already: this brings
     * its cache line back from the writer, which looked at it during its claim, while there is
     * nothing else to do; the next lease then need not wait for it.
     */
    boolean isIdle() {
        if (hasNews()) {
            return false;
        }
        words.setRelease(laneAt + LEASE_ID_IN_LANE, leaseId);
        return true;
    }

    /** The newest commit that we may read; 0 or less if there is none yet. */
    private long newest() {
        return Stamp.sequence(words.getAcquire(LATEST_AT)) - distance;
    }

    /**
     * Leases the oldest commit after the last one leased that is still there; returns its stamp or
     * 0.
     */
    long leaseNext() {
        if (isReleasing()) {
            return 0;
        }
        long newest = newest();
        long wanted = Math.max(sequence + 1, newest - layout.indexLength() + 1);
        int races = 0;
        for (; wanted <= newest && races < MAX_RACES; wanted++) {
            long stamp = words.getAcquire(layout.indexEntry(wanted));
            if (Stamp.sequence(stamp) != wanted || !isSlot(stamp) || !isThere(stamp)) {
                continue; // recycled
            }
            if (tryLease(stamp)) {
                return stamp;
            }
            races++;
        }
        return 0;
    }

    /**
     * Leases a commit that has arrived, unless its slot is withdrawn first. Who stays behind then
     * passes it over for good: only the newest commit is always there in the end, and to try older
     * ones again and again could hold up the writer.
     */
    private boolean tryLease(long stamp) {
        announce(stamp);
        boolean isLeased = isThere(stamp);
        if (!isLeased) {
            withdraw();
            if (distance == 0) {
                return false;
            }
            missed++;
        }
        arrived = isLeased;
        missed += Stamp.sequence(stamp) - sequence - 1;
        sequence = Stamp.sequence(stamp);
        return isLeased;
    }

    /**
     * Leases a commit that is in flight, or was a moment ago: the newest, or the one after the last
     * one leased. None if the writer is known to be dead. Returns its stamp or 0.
     */
    long leaseInFlight(boolean newest) {
        if (isReleasing() || words.getAcquire(ORPHANED_AT) != 0) {
            return 0;
        }
        for (int race = 0; race < MAX_RACES; race++) {
            long passed = newest ? Stamp.sequence(words.getAcquire(LATEST_AT)) : 0;
            long wanted = Math.max(sequence, passed) + 1;
            long stamp = announced(wanted);
            if (stamp == 0) {
                return 0;
            }
            for (long next = stamp;
                    newest && next != 0;
                    next = announced(Stamp.sequence(stamp) + 1)) {
                stamp = next;
            }
            if (tryLeaseInFlight(stamp)) {
                missed += Stamp.sequence(stamp) - sequence - 1;
                sequence = Stamp.sequence(stamp);
                return stamp;
            }
        }
        return 0;
    }

    /**
     * The stamp of a commit by its index entry; 0 if it was not queued yet, or its entry is
     * another's or damaged by now.
     */
    private long announced(long wanted) {
        long stamp = words.getAcquire(layout.indexEntry(wanted));
        return Stamp.sequence(stamp) == wanted && isSlot(stamp) ? stamp : 0;
    }

    private boolean tryLeaseInFlight(long stamp) {
        announce(stamp);
        if (Stamp.sequence(words.getAcquire(LATEST_AT)) < Stamp.sequence(stamp)) {
            arrived = false;
            return true;
        }
        arrived = isThere(stamp);
        if (!arrived) {
            withdraw();
        }
        return arrived;
    }

    /**
     * A stamp comes from another process: it is not believed to be of a slot before it has been
     * looked at.
     */
    private boolean isSlot(long stamp) {
        return Stamp.slot(stamp) < layout.slots();
    }

    private boolean isThere(long stamp) {
        return words.getAcquire(layout.slot(Stamp.slot(stamp))) == stamp;
    }

    /**
     * From here on the writer spares the slot, unless it has withdrawn it before: the caller looks
     * for that next.
     */
    private void announce(long stamp) {
        words.setRelease(laneAt + LEASE_ID_IN_LANE, ++leaseId);
        words.setRelease(laneAt + HELD_IN_LANE, stamp);
        words.fullFence();
    }

    /** Takes an announcement back behind which no work was queued. */
    private void withdraw() {
        words.setRelease(laneAt + DONE_IN_LANE, leaseId);
    }

    /** Ends the lease, on a GPU behind the work queued so far. */
    void release() {
        fence.store(laneAt + DONE_IN_LANE, leaseId);
        releasing = !isImmediate;
    }

    /** Whether the last lease has been ended but work that reads its slot is still queued. */
    boolean isReleasing() {
        if (releasing && words.getAcquire(laneAt + DONE_IN_LANE) == leaseId) {
            releasing = false;
        }
        return releasing;
    }

    /** Ends a release by the CPU, when all work of the reader is known to be done. */
    void endRelease() {
        words.setRelease(laneAt + DONE_IN_LANE, leaseId);
        releasing = false;
    }

    /**
     * Whether the leased commit had arrived when it was leased; if not, work that reads it must
     * wait for its stamp.
     */
    boolean hasArrived() {
        return arrived;
    }

    /**
     * Whether work that waited for the leased commit and is done has read it whole. Waits are also
     * ended by {@link #orphan}, which says so first; a stamp that comes after that is not believed.
     */
    boolean confirm(long stamp) {
        arrived |= isThere(stamp) && words.getAcquire(ORPHANED_AT) == 0;
        return arrived;
    }

    /**
     * Ends all waits for commits in flight. Only if the writer is dead by its lock: then its words
     * belong to the cleaner, and it does not matter who that is or how many, because all store the
     * same.
     */
    void orphan() {
        words.setRelease(ORPHANED_AT, 1);
        words.fullFence();
        long flying = Stamp.sequence(words.getAcquire(LATEST_AT)) + 1;
        for (long stamp = announced(flying); stamp != 0; stamp = announced(++flying)) {
            words.compareAndSet(layout.slot(Stamp.slot(stamp)), Stamp.WITHDRAWN, Stamp.ORPHANED);
        }
    }

    /**
     * Whether there is a commit in flight that has not been leased, and its writer is not known to
     * be dead.
     */
    boolean hasInFlight() {
        long last = Math.max(sequence, Stamp.sequence(words.getAcquire(LATEST_AT)));
        return announced(last + 1) != 0 && words.getAcquire(ORPHANED_AT) == 0;
    }

    /**
     * Announces that the reader is about to sleep, and returns the doorbell's value. A value from
     * before the reader looked for commits is the one to sleep on; one from this call is so only if
     * the reader looks again now.
     */
    int prepareSleep() {
        words.setIntRelease(laneAt + SLEEPING_IN_LANE, 1);
        int doorbell = words.getIntAcquire(DOORBELL_AT);
        words.fullFence();
        return doorbell;
    }

    /** The doorbell's value: every commit that is not visible by now will change it. */
    int doorbell() {
        return words.getIntAcquire(DOORBELL_AT);
    }

    /** Takes the announcement back. */
    void endSleep() {
        words.setIntRelease(laneAt + SLEEPING_IN_LANE, 0);
    }

    /** Whether there is a commit after the last one leased that we may read. */
    boolean hasNews() {
        return newest() > sequence;
    }

    /** Number of commits that came after the last one leased. */
    long behind() {
        return Stamp.sequence(words.getAcquire(LATEST_AT)) - sequence;
    }

    /** Whether a lane is held. */
    boolean isAttached() {
        return lane >= 0;
    }

    /** Sequence of the last commit leased. */
    long sequence() {
        return sequence;
    }

    /** Commits between those leased that this reader did not get. */
    long missed() {
        return missed;
    }
}
