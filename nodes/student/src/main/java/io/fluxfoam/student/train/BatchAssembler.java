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
    private final MomentInputs inputs;
    private final List<Batch.Targets> targets = new ArrayList<>();
    private final List<StudentNet.Term> terms = new ArrayList<>();

    /**
     * Of batches of this size.
     *
     * @param memory what batches live in
     * @param mirrored whether pictures may be looked at the other way round
     */
    public BatchAssembler(
            Arena memory, Learner learner, MomentArena moments, int batchSize, boolean mirrored) {
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
                copy(region.targets(), pinned, targets.get(i), inUse.get(i));
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
    private static void copy(
            TargetColumn column, Moment[] pinned, Batch.Targets into, Statistics inUse) {
        for (int row = 0; row < into.rows(); row++) {
            Statistics written = column.statistics(pinned[row]);
            if (written != null) {
                MemorySegment values = into.include(row);
                values.copyFrom(column.at(pinned[row]));
                if (written != inUse) {
                    inUse.reexpress(values, written);
                }
            }
        }
    }
}
