package io.fluxfoam.student.train;

import io.fluxfoam.distill.Statistics;
import io.fluxfoam.student.net.Batch;
import io.fluxfoam.student.net.StudentNet;
import io.fluxfoam.student.replay.Moment;
import io.fluxfoam.student.replay.MomentArena;
import io.fluxfoam.student.replay.TargetColumn;
import io.fluxfoam.student.replay.TeacherRegion;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Copies moments of the replay arena into a batch: inputs, and for each region that takes part the
 * targets that are there, as its head is to say them now. Belongs to the trainer's thread.
 */
public final class BatchAssembler {
    private final Arena memory;
    private final Learner learner;
    private final MomentArena moments;
    private final Batch batch;
    private final double ownShare;
    private final MomentInputs inputs;
    private final List<Batch.Targets> targets = new ArrayList<>();
    private final List<StudentNet.Term> terms = new ArrayList<>();
    private MemorySegment said;

    /**
     * Of batches of this size.
     *
     * @param memory what batches live in
     * @param mirrored whether pictures may be looked at the other way round
     */
    public BatchAssembler(
            Arena memory, Learner learner, MomentArena moments, int batchSize, boolean mirrored) {
        this(memory, learner, moments, batchSize, mirrored, 0);
    }

    /**
     * With targets that are in part what the student itself said.
     *
     * @param ownShare of what it said of a kept moment when that came, in the moment's target
     */
    BatchAssembler(
            Arena memory,
            Learner learner,
            MomentArena moments,
            int batchSize,
            boolean mirrored,
            double ownShare) {
        this.ownShare = ownShare;
        this.memory = memory;
        this.learner = learner;
        this.moments = moments;
        batch = new Batch(memory, moments.shape(), batchSize);
        inputs = new MomentInputs(batch, mirrored);
    }

    /** The inputs. */
    public Batch batch() {
        return batch;
    }

    /** The regions that take part, with the targets of the batch. */
    public List<StudentNet.Term> terms() {
        return terms;
    }

    /** Copies a pinned moment's inputs into a row, to be trained on. */
    void trained(int row, Moment moment, SplittableRandom random) {
        inputs.varied(row, moments, moment, random);
    }

    /** Copies a pinned moment's inputs into a row as they are. */
    public void plain(int row, Moment moment) {
        inputs.plain(row, moments, moment);
    }

    /** Puts the inputs of a moment that is not the learner's into a row. */
    void foreign(int row, MomentArena arena, Moment moment) {
        inputs.plain(row, arena, moment);
    }

    /**
     * Copies the targets of pinned moments, one for each row, of the regions that are usable, and
     * present or remembered.
     */
    public void targets(Moment[] pinned) {
        terms.clear();
        List<TeacherRegion> known = learner.regions();
        List<Statistics> inUse = learner.statistics().statistics();
        for (int i = 0; i < inUse.size(); i++) {
            TeacherRegion region = known.get(i);
            if (i == targets.size()) {
                targets.add(new Batch.Targets(memory, region.region(), pinned.length));
            }
            if ((region.present() || moments.remembers()) && inUse.get(i).usable()) {
                targets.get(i).clear(rowsOf(region));
                copy(region, pinned, targets.get(i), inUse.get(i));
                if (targets.get(i).present() > 0) {
                    terms.add(new StudentNet.Term(targets.get(i), region.weight()));
                }
            }
        }
    }

    /**
     * What stands on the window's columns, or is read from them, is asked only of the moments that
     * have a window.
     */
    private int rowsOf(TeacherRegion region) {
        return switch (region.targetSource().alignment()) {
            case PICTURE, SPEECH -> batch.readers();
            case SOUND, NONE -> batch.size();
        };
    }

    /**
     * Copies what is present; what was standardised under other statistics than the head's is
     * expressed anew.
     */
    private void copy(TeacherRegion region, Moment[] pinned, Batch.Targets into, Statistics inUse) {
        for (int row = 0; row < into.rows(); row++) {
            Statistics written = region.targets().statistics(pinned[row]);
            if (written != null) {
                MemorySegment values = into.include(row);
                copy(region.targets(), pinned[row], values, written, inUse);
                if (ownShare > 0 && moments.keeps(pinned[row])) {
                    mix(region.own(), pinned[row], values, inUse);
                }
            }
        }
    }

    private static void copy(
            TargetColumn column,
            Moment moment,
            MemorySegment into,
            Statistics written,
            Statistics inUse) {
        into.copyFrom(column.at(moment));
        if (written != inUse) {
            inUse.reexpress(into, written);
        }
    }

    /**
     * A squared distance to both, as DER++ has it (Buzzega et al., 2020), is but for a constant one
     * to what lies between them: so one target does for both.
     */
    private void mix(TargetColumn own, Moment moment, MemorySegment into, Statistics inUse) {
        Statistics written = own.statistics(moment);
        if (written == null) {
            return;
        }
        if (said == null || said.byteSize() < into.byteSize()) {
            said = memory.allocate(into.byteSize(), 64);
        }
        MemorySegment then = said.asSlice(0, into.byteSize());
        copy(own, moment, then, written, inUse);
        for (long i = 0; i < into.byteSize() / Float.BYTES; i++) {
            float target = into.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            double away = then.getAtIndex(ValueLayout.JAVA_FLOAT, i) - target;
            into.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (target + ownShare * away));
        }
    }
}
