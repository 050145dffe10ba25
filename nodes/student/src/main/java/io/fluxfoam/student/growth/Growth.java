package io.fluxfoam.student.growth;

import io.fluxfoam.distill.HeatmapStatistics;
import io.fluxfoam.distill.Width;
import io.fluxfoam.student.net.Batch;
import io.fluxfoam.student.net.StudentNet;
import io.fluxfoam.student.replay.TeacherRegion;
import io.fluxfoam.student.train.Learner;
import io.fluxfoam.student.train.Progress;
import io.fluxfoam.student.train.TrainingListener;

import java.util.List;

/**
 * Makes the student wider when it is too small. That learning has become slow is not enough: a
 * {@link GrowthTrial} must show that a wider student learns more from the same batches, by an
 * {@link Validation} on what neither was trained on; else the narrow one stays and the question
 * rests for twice as long as the last time. Belongs to the trainer.
 *
 * <p>If the student dies in a trial, the trial is lost and nothing else.
 */
public final class Growth implements TrainingListener {
    /** A window that improves by less than this makes one ask. */
    private static final double SLOW = .08;

    /** What a wider student must be better by: it costs more. */
    private static final double LEAST_GAIN = .05;

    private static final int MOST_REST = 32;

    /** Compares two students. */
    interface Validation {
        /** Whether there is enough to compare them by. */
        boolean isReady();

        /**
         * By what share the wider one is closer to the targets; less than 0 if it is farther away.
         */
        double gain(StudentNet narrow, StudentNet wider);
    }

    /**
     * How many steps it looks at.
     *
     * @param windowSteps over so many the mean distance is compared with that of as many before
     *     them
     * @param trialSteps a wider student needs some to make use of what it has got: it falls behind
     *     in the first quarter, and is ahead by what it will be ahead only after many more
     */
    public record Pace(int windowSteps, int trialSteps) {
        /** For batches of the packaged student. */
        public static final Pace DEFAULT = new Pace(200, 400);
    }

    private final Learner learner;
    private final Progress progress;
    private final Width most;
    private final Validation validation;
    private final Pace pace;
    private final Plateau plateau;
    private HeatmapStatistics statistics;
    private List<TeacherRegion> active = List.of();
    private GrowthTrial trial;
    private GrowthTrial accepted;
    private int rest;
    private int nextRest = 1;

    /** Growth up to this width; if the learner is as wide already, it never grows. */
    public Growth(
            Learner learner, Progress progress, Width most, Validation validation, Pace pace) {
        this.learner = learner;
        this.progress = progress;
        this.most = most;
        this.validation = validation;
        this.pace = pace;
        plateau = new Plateau(pace.windowSteps(), SLOW);
    }

    /** One that students are compared by must not be trained on. */
    @Override
    public boolean holdsBack(long frameNumber) {
        return mayGrow() && ValidationSet.isOne(frameNumber);
    }

    private boolean mayGrow() {
        return most.isWiderThan(learner.net().width());
    }

    @Override
    public void stepped(Batch batch, List<StudentNet.Term> terms, double distance) {
        if (!mayGrow()) {
            return;
        }
        if (isOtherTask()) {
            plateau.reset();
        }
        if (trial == null) {
            watch(distance);
        } else if (trial.step(batch, terms)) {
            judge();
        }
    }

    /**
     * Whether the regions that are learned, or how they are measured, are others than at the last
     * step: a mean over both says nothing.
     */
    private boolean isOtherTask() {
        List<TeacherRegion> now = learner.regions().stream().filter(TeacherRegion::active).toList();
        boolean isOther = statistics != learner.statistics() || !active.equals(now);
        statistics = learner.statistics();
        active = now;
        return isOther;
    }

    private void watch(double distance) {
        if (!plateau.stepped(distance) || rest-- > 0 || !validation.isReady()) {
            return;
        }
        Width next = learner.net().width().next();
        trial =
                new GrowthTrial(
                        learner.net(), next.isWiderThan(most) ? most : next, pace.trialSteps());
        learner.beside(trial.wider());
        progress.trying(true);
    }

    private void judge() {
        double gain = validation.gain(learner.net(), trial.wider());
        Width from = learner.net().width();
        Width to = trial.wider().width();
        if (!(gain >= LEAST_GAIN)) {
            rest = nextRest;
            nextRest = Math.min(MOST_REST, 2 * nextRest);
            giveUp();
            progress.refusedGrowth(from, to, gain);
        } else {
            rest = 0;
            nextRest = 1;
            accept();
            progress.grew(from, to, gain);
        }
    }

    /**
     * The student that was there before is nobody's any more, and its memory goes if it came out of
     * a trial.
     */
    private void accept() {
        learner.become();
        GrowthTrial before = accepted;
        accepted = trial;
        trial = null;
        if (before != null) {
            before.close();
        }
        forget();
    }

    private void giveUp() {
        learner.beside(null);
        trial.close();
        trial = null;
        forget();
    }

    private void forget() {
        plateau.reset();
        progress.trying(false);
    }
}
