package io.fluxfoam.student.train;

import io.fluxfoam.student.net.Batch;
import io.fluxfoam.student.net.StudentNet;
import io.fluxfoam.student.replay.Moment;
import io.fluxfoam.student.replay.MomentArena;
import io.fluxfoam.student.replay.TeacherRegion;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws moments from the replay arena and takes steps on them: the hit. A region takes part in a
 * step if its teacher is present and its statistics are usable, for the moments that have its
 * target; a step never waits for one. What is random follows from the seed and the step that this
 * life began with. Belongs to the trainer's thread.
 */
public final class Trainer {
    /**
     * Moments that must be there before the first step of all; a student that goes on needs no more
     * than a batch.
     */
    public static final int FIRST_MOMENTS = 64;

    private static final double MIN_COVERAGE = .25;
    private static final int TRIES_PER_ROW = 64;

    private final Learner learner;
    private final MomentArena moments;
    private final RecyclingQueue<StepRecord> records;
    private final Progress progress;
    private final HoldoutFault fault;
    private final TrainingListener listener;
    private SplittableRandom random;
    private final Settings settings;
    private final int firstMoments;
    private final BatchAssembler assembly;
    private final Moment[] drawn;
    private StepRecord record;
    private boolean started;

    /**
     * How it draws.
     *
     * @param batch moments in a batch
     * @param seed of what is random in a step
     * @param mirrored whether pictures may be looked at the other way round
     * @param isByStep whether what is random in a step follows from the seed and that step alone,
     *     whichever step this life began with
     * @param ownShare of what the student itself said of a kept moment when that came, in the
     *     moment's target
     */
    public record Settings(
            int batch, long seed, boolean mirrored, boolean isByStep, double ownShare) {
        /** Random by seed and by the step that this life began with. */
        public Settings(int batch, long seed, boolean mirrored) {
            this(batch, seed, mirrored, false, 0);
        }

        private SplittableRandom random(long step) {
            return new SplittableRandom(seed + step * 0x9E3779B97F4A7C15L);
        }
    }

    /** What came of an attempt to take a step. */
    public enum Outcome {
        /** The weights moved. */
        STEPPED,
        /** Loss or gradient were not finite; the weights did not move. */
        REFUSED,
        /** Too few moments, or too few targets for them. */
        NOT_ENOUGH,
        /** The records of earlier steps are not published yet. */
        BACK_PRESSURED
    }

    /**
     * A trainer of this learner.
     *
     * @param memory what batches live in
     * @param moments of TRAIN frames
     * @param fault what a test wants to go wrong, or {@link HoldoutFault#NONE}
     * @param listener told of each step
     */
    public Trainer(
            Arena memory,
            Learner learner,
            MomentArena moments,
            RecyclingQueue<StepRecord> records,
            HoldoutFault fault,
            TrainingListener listener,
            Settings settings) {
        this.learner = learner;
        this.moments = moments;
        this.records = records;
        this.progress = learner.progress();
        this.fault = fault;
        this.listener = listener;
        this.settings = settings;
        random = settings.random(progress.step());
        firstMoments = progress.step() == 0 ? FIRST_MOMENTS : settings.batch();
        assembly =
                new BatchAssembler(
                        memory,
                        learner,
                        moments,
                        settings.batch(),
                        settings.mirrored(),
                        settings.ownShare());
        assembly.batch().readers(Math.ceilDiv(settings.batch(), 2));
        drawn = new Moment[settings.batch()];
    }

    /** Takes one step if there is enough to learn from. */
    public Outcome step() {
        record = record == null ? records.takeEmpty() : record;
        if (record == null) {
            return Outcome.BACK_PRESSURED;
        }
        List<TeacherRegion> known = learner.regions();
        if (!started() || !(coveragePossible(known) >= MIN_COVERAGE)) {
            return Outcome.NOT_ENOUGH;
        }
        if (settings.isByStep()) {
            random = settings.random(progress.step());
        }
        if (!assemble() || !(coverage(known) >= MIN_COVERAGE)) {
            return Outcome.NOT_ENOUGH;
        }
        Batch batch = assembly.batch();
        fault.tamper(assembly, record);
        record.begin(progress.step() + 1);
        records.hand(record);
        record = null;
        StudentNet.Step done = learner.net().step(batch, assembly.terms());
        if (!done.applied()) {
            progress.refused();
            return Outcome.REFUSED;
        }
        progress.stepped(done.loss(), batch.size());
        if (learner.net().renewal() != null) {
            progress.units(learner.net().renewal());
        }
        listener.stepped(batch, assembly.terms(), done.distance());
        return Outcome.STEPPED;
    }

    private boolean started() {
        int trainable = 0;
        for (int row = 0; !started && row < moments.rowsUsed(); row++) {
            trainable += moments.moment(row).trainable() ? 1 : 0;
            started = trainable >= firstMoments;
        }
        return started;
    }

    /** Draws rows, all different, and copies them into the batch; false if there are too few. */
    private boolean assemble() {
        int count = 0;
        try {
            while (count < drawn.length) {
                Moment moment = draw();
                if (moment == null) {
                    return false;
                }
                drawn[count++] = moment;
            }
            copyInputs();
            assembly.targets(drawn);
            return true;
        } finally {
            for (int i = 0; i < count; i++) {
                drawn[i].unpin();
            }
        }
    }

    /**
     * A pinned row, each one to train on of those that it is the turn of as likely as any other;
     * null if none was met.
     */
    private Moment draw() {
        for (int tries = 0; tries < TRIES_PER_ROW; tries++) {
            Moment moment = moments.moment(moments.drawRow(random));
            if (moment.pinTrainable()) {
                if (!listener.holdsBack(moment.frameNumber())) {
                    return moment;
                }
                moment.unpin();
            }
        }
        return null;
    }

    private void copyInputs() {
        for (int row = 0; row < drawn.length; row++) {
            assembly.trained(row, drawn[row], random);
            record.frames()[row] = drawn[row].frameNumber();
        }
    }

    /** Share of the weight of all usable regions that is not masked; NaN while none is usable. */
    private double coveragePossible(List<TeacherRegion> known) {
        double active = 0;
        for (TeacherRegion region : known) {
            boolean isTaught =
                    region.active() || moments.remembers() && region.statistics().usable();
            active += isTaught ? region.weight() : 0;
        }
        return active / usableWeight(known);
    }

    /** Share of the weight of all usable regions that has targets in the batch. */
    private double coverage(List<TeacherRegion> known) {
        double covered = 0;
        for (StudentNet.Term term : assembly.terms()) {
            covered += term.weight() * term.targets().present() / term.targets().rows();
        }
        return covered / usableWeight(known);
    }

    private static double usableWeight(List<TeacherRegion> known) {
        double usable = 0;
        for (TeacherRegion region : known) {
            usable += region.statistics().usable() ? region.weight() : 0;
        }
        return usable;
    }
}
