package io.fluxfoam.student;

import io.fluxfoam.student.checkpoint.CheckpointSaver;
import io.fluxfoam.student.replay.RegionTable;
import io.fluxfoam.student.train.Learner;
import io.fluxfoam.student.train.Predictor;
import io.fluxfoam.student.train.RecyclingQueue;
import io.fluxfoam.student.train.StepRecord;
import io.fluxfoam.student.train.Trainer;

import java.util.concurrent.locks.LockSupport;

/**
 * The trainer's thread: follow the regions, predict what waits, take a step, save now and then;
 * again. Sleeps a little when there is nothing to do. {@code RUNNING -> ENDED}, for good, when it
 * was asked to stop or something failed.
 */
final class TrainingLoop {
    private static final long IDLE_NS = 2_000_000L;

    private final Learner learner;
    private final RegionTable regions;
    private final Predictor predictor;
    private final Trainer trainer;
    private final RecyclingQueue<StepRecord> records;
    private final CheckpointSaver saver;
    private final Thread thread = new Thread(this::run, "foam-trainer");
    private volatile boolean stopping;
    private volatile Throwable failure;

    TrainingLoop(
            Learner learner,
            RegionTable regions,
            Predictor predictor,
            Trainer trainer,
            RecyclingQueue<StepRecord> records,
            CheckpointSaver saver) {
        this.learner = learner;
        this.regions = regions;
        this.predictor = predictor;
        this.trainer = trainer;
        this.records = records;
        this.saver = saver;
    }

    /** Starts the thread. */
    void start() {
        begin();
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Duty cycle, instead of {@link #start}: from now on {@link #turn} does what the thread would.
     */
    void begin() {
        saver.begin(System.nanoTime());
    }

    /** One turn but for saving; returns whether there was anything to do. */
    boolean turn() {
        int predicted = predict();
        Trainer.Outcome outcome = trainer.step();
        return predicted > 0 || outcome == Trainer.Outcome.STEPPED;
    }

    /** Predicts some of what waits; returns how many. */
    int predict() {
        learner.follow(regions.snapshot());
        return predictor.turn();
    }

    private void run() {
        try {
            while (!stopping) {
                boolean isBusy = turn();
                saveIfDue(System.nanoTime());
                if (!isBusy) {
                    LockSupport.parkNanos(IDLE_NS);
                }
            }
        } catch (Throwable e) {
            failure = e;
        }
    }

    /** The turn after which it was saved is over again: all that it follows is as it was then. */
    void adopt() {
        learner.adopt(regions.snapshot());
    }

    private void saveIfDue(long nowNs) {
        if (isSaveDue(nowNs)) {
            saver.save(nowNs);
        }
    }

    /** Saved is only what the audit has seen: every step taken so far must have been published. */
    boolean isSaveDue(long nowNs) {
        return saver.isDue(nowNs) && records.allReturned();
    }

    /** Whether {@link #saveFinally} has something to save. */
    boolean isNew() {
        return saver.isNew();
    }

    /** Duty cycle, between two turns of its own. */
    void save(long nowNs) {
        saver.save(nowNs);
    }

    /** Duty cycle: what the thread failed with, or null. */
    Throwable failure() {
        return failure;
    }

    /** Duty cycle: asks the thread to end after its current step. */
    void stop() {
        stopping = true;
    }

    /** Duty cycle: whether the thread has ended; waits for it at most this long. */
    boolean ended(long milliseconds) throws InterruptedException {
        thread.join(milliseconds);
        return !thread.isAlive();
    }

    /**
     * Duty cycle: saves once more after all steps were published, if the thread has ended: while it
     * lives the weights may move.
     */
    void saveFinally() {
        if (!thread.isAlive() && saver.isNew()) {
            saver.save(System.nanoTime());
        }
    }
}
