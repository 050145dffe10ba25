package io.fluxfoam.student.replay;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.student.net.InputShape;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Joins what belongs to one frame, by frame number, in whatever order it comes. Runs on the duty
 * cycle and never waits.
 *
 * <p>A TRAIN frame becomes trainable when picture and sound are there and every present teacher has
 * reported it or a later one, and so has passed it over; when its time is up or too many wait, one
 * target is enough. A target that comes later is still added while the frame is in the arena. A
 * frame without both inputs by then is given up. HOLDOUT frames have an arena of their own, without
 * targets: they are predicted, and cannot be trained on.
 */
public final class MomentAssembler {
    /** Most moments that wait for parts at the same time. */
    public static final int MAX_PENDING = 64;

    private static final int JITTER_ROWS = 4;

    private final MomentArena train;
    private final MomentArena holdout;
    private final RegionTable regions;
    private final PredictionQueue predictions;
    private final Pairing pairing;
    private final long deadlineNs;
    private final PictureNorm pictureNorm;
    private final SightNorm sightNorm;
    private final Ear ear;
    private final ArrayDeque<Moment> pending = new ArrayDeque<>(MAX_PENDING + 1);
    private long newestFrame = Long.MIN_VALUE;
    private long trainableMoments;
    private long incompleteMoments;
    private long refusedTensors;
    private long lateTargets;

    /**
     * Assembles into these arenas.
     *
     * @param frame shape of what comes
     * @param deadlineNs how long a moment may wait for its parts
     */
    public MomentAssembler(
            FrameShape frame,
            MomentArena train,
            MomentArena holdout,
            RegionTable regions,
            PredictionQueue predictions,
            Pairing pairing,
            long deadlineNs) {
        if (train.capacity() <= MAX_PENDING) {
            throw new IllegalArgumentException(
                    "replay capacity="
                            + train.capacity()
                            + " must be above maxPending="
                            + MAX_PENDING);
        }
        this.pictureNorm = new PictureNorm(frame);
        this.sightNorm = new SightNorm(frame);
        this.ear = new Ear(InputShape.of(frame));
        this.train = train;
        this.holdout = holdout;
        this.regions = regions;
        this.predictions = predictions;
        this.pairing = pairing;
        this.deadlineNs = deadlineNs;
    }

    /**
     * Takes the picture of a frame, in place.
     *
     * @param rgb {@link FrameShape#pictureBytes()} bytes
     */
    public void picture(long frameNumber, long captureNs, MemorySegment rgb, long nowNs) {
        MomentArena arena = arenaOf(frameNumber);
        Moment moment = open(arena, frameNumber, captureNs, nowNs);
        if (moment.hasPicture()) {
            return;
        }
        int shiftRows = arena == train ? jitter(frameNumber) : 0;
        int fromRow = pictureNorm.normalize(rgb, shiftRows, arena.window(moment));
        moment.window(fromRow, fromRow + pictureNorm.windowRows());
        sightNorm.shrink(rgb, arena.sight(moment));
        moment.pictureWritten();
        inputArrived(arena, moment);
    }

    /**
     * Takes the sound of a frame, in place; sound with a value that is not finite is refused.
     *
     * @param samples {@link FrameShape#soundBytes()} bytes
     */
    public void sound(long frameNumber, long captureNs, MemorySegment samples, long nowNs) {
        MomentArena arena = arenaOf(frameNumber);
        Moment moment = open(arena, frameNumber, captureNs, nowNs);
        if (moment.hasSound()) {
            return;
        }
        if (!ear.hear(samples, arena.sound(moment))) {
            refusedTensors++;
            return;
        }
        moment.soundWritten();
        inputArrived(arena, moment);
    }

    /** How a teacher's tensor becomes the target of a moment; false if it is refused. */
    public interface Acceptance {
        boolean into(Moment moment);
    }

    /** Takes a teacher's tensor of a TRAIN frame, in place: as many floats as the region has. */
    public void target(
            TeacherRegion region,
            long frameNumber,
            long captureNs,
            MemorySegment values,
            long nowNs) {
        target(region, frameNumber, captureNs, moment -> region.accept(moment, values), nowNs);
    }

    /**
     * Takes a teacher's tensor of a TRAIN frame, wherever it lies.
     *
     * @param tensor is asked only if there is a row for it
     * @throws IllegalArgumentException if the frame is held out: its teachers' tensors must not
     *     even be looked at
     */
    public void target(
            TeacherRegion region, long frameNumber, long captureNs, Acceptance tensor, long nowNs) {
        if (HoldoutRule.isHoldout(frameNumber)) {
            throw new IllegalArgumentException(
                    "target of a HOLDOUT frame: frameNumber="
                            + frameNumber
                            + " region="
                            + region.region().name());
        }
        long partner = pairing.partner(frameNumber);
        Moment moment = train.find(partner);
        if (moment == null && partner < newestFrame) {
            lateTargets++;
            return;
        }
        if (moment == null) {
            moment = open(train, partner, captureNs, nowNs);
        }
        if (region.targets().present(moment)) {
            return;
        }
        if (!tensor.into(moment)) {
            refusedTensors++;
            return;
        }
        reported(region, partner);
        if (!moment.pending()) {
            teach(moment);
        }
    }

    /** A teacher's tensor is not taken: no moment need wait for it. */
    public void passOver(TeacherRegion region, long frameNumber) {
        reported(region, pairing.partner(frameNumber));
    }

    private void reported(TeacherRegion region, long partner) {
        region.reported(partner);
        for (Moment waiting : pending) {
            closeIfWhole(waiting);
        }
    }

    /**
     * Gives up what a teacher has said of these frames; returns of how many it was there. Nobody
     * trains on it after the step that is being taken.
     */
    public int withdraw(TeacherRegion region, long firstFrame, long lastFrame) {
        long first = pairing.partner(firstFrame);
        long last = lastFrame == Long.MAX_VALUE ? lastFrame : pairing.partner(lastFrame);
        int count = 0;
        for (int row = 0; row < train.rowsUsed(); row++) {
            Moment moment = train.moment(row);
            if (moment.frameNumber() >= first
                    && moment.frameNumber() <= last
                    && region.targets().present(moment)) {
                region.targets().withdraw(moment);
                count++;
            }
        }
        return count;
    }

    /** Closes the moments whose time is up; returns how many. */
    public int expire(long nowNs) {
        int closed = 0;
        while (!pending.isEmpty() && settledOrOverdue(pending.peekFirst(), nowNs)) {
            close(pending.pollFirst());
            closed++;
        }
        return closed;
    }

    private boolean settledOrOverdue(Moment moment, long nowNs) {
        return !moment.pending() || nowNs - moment.openedNs() >= deadlineNs;
    }

    /** TRAIN moments that became trainable. */
    public long trainableMoments() {
        return trainableMoments;
    }

    /** TRAIN moments given up because picture or sound never came. */
    public long incompleteMoments() {
        return incompleteMoments;
    }

    /** Tensors refused because of a value that was not finite, or far beyond its statistics. */
    public long refusedTensors() {
        return refusedTensors;
    }

    /** Frames that were not predicted because too many waited. */
    public long droppedPredictions() {
        return predictions.dropped();
    }

    /** Targets of frames that had left the arena, or had never been in it. */
    public long lateTargets() {
        return lateTargets;
    }

    private MomentArena arenaOf(long frameNumber) {
        return HoldoutRule.isHoldout(frameNumber) ? holdout : train;
    }

    private Moment open(MomentArena arena, long frameNumber, long captureNs, long nowNs) {
        Moment found = arena.find(frameNumber);
        if (found != null) {
            return found;
        }
        Moment moment = arena.open(frameNumber, captureNs, nowNs);
        if (arena == train) {
            moment.pending(true);
            pending.addLast(moment);
            if (pending.size() > MAX_PENDING) {
                close(pending.pollFirst());
            }
        }
        return moment;
    }

    private void inputArrived(MomentArena arena, Moment moment) {
        if (arena == train) {
            newestFrame = Math.max(newestFrame, moment.frameNumber());
        }
        if (moment.complete()) {
            predictions.offer(new PredictionQueue.Waiting(arena, moment));
            if (arena == train) {
                closeIfWhole(moment);
            }
        }
    }

    private void closeIfWhole(Moment moment) {
        if (!moment.pending() || !moment.complete()) {
            return;
        }
        List<TeacherRegion> known = regions.snapshot().regions();
        for (int i = 0; i < known.size(); i++) {
            TeacherRegion region = known.get(i);
            boolean mayCome = region.present() && region.newestFrame() < moment.frameNumber();
            if (mayCome && !region.targets().present(moment)) {
                return;
            }
        }
        close(moment);
    }

    /**
     * Ends the waiting for parts. The moment may still stand in the pending queue, where it is then
     * passed over.
     */
    private void close(Moment moment) {
        if (!moment.pending()) {
            return;
        }
        moment.pending(false);
        if (!moment.complete()) {
            train.release(moment);
            incompleteMoments++;
        } else if (hasTarget(moment)) {
            teach(moment);
        }
    }

    private boolean hasTarget(Moment moment) {
        List<TeacherRegion> known = regions.snapshot().regions();
        boolean found = false;
        for (int i = 0; i < known.size() && !found; i++) {
            found = known.get(i).targets().present(moment);
        }
        return found;
    }

    private void teach(Moment moment) {
        if (!moment.trainable()) {
            moment.markTrainable();
            trainableMoments++;
        }
    }

    /** A shift of up to 4 rows either way that is a function of the frame alone. */
    private static int jitter(long frameNumber) {
        long mixed = frameNumber * 0x9E3779B97F4A7C15L;
        return (int) Long.remainderUnsigned(mixed >>> 32, 2 * JITTER_ROWS + 1) - JITTER_ROWS;
    }
}
