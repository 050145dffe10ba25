package io.fluxfoam.student;

import java.io.IOException;
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
    private final Handover<StepRecord> records;
    private final CheckpointStore store;
    private final Progress progress;
    private final long saveEveryNs;
    private final Thread thread = new Thread(this::run, "foam-trainer");
    private long nextSaveNs;
    private volatile boolean stopping;
    private volatile Throwable failure;

    TrainingLoop(
            Learner learner,
            RegionTable regions,
            Predictor predictor,
            Trainer trainer,
            Handover<StepRecord> records,
            CheckpointStore store,
            Progress progress,
            long saveEveryNs) {
        this.learner = learner;
        this.regions = regions;
        this.predictor = predictor;
        this.trainer = trainer;
        this.records = records;
        this.store = store;
        this.progress = progress;
        this.saveEveryNs = saveEveryNs;
    }

    /** Starts the thread. */
    void start() {
        nextSaveNs = System.nanoTime() + saveEveryNs;
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (!stopping) {
                learner.follow(regions.snapshot());
                int predicted = predictor.turn();
                Trainer.Outcome outcome = trainer.step();
                saveIfDue(System.nanoTime());
                if (predicted == 0 && outcome != Trainer.Outcome.STEPPED) {
                    LockSupport.parkNanos(IDLE_NS);
                }
            }
        } catch (Throwable e) {
            failure = e;
        }
    }

    /** Saves only what the audit has seen: every step taken so far must have been published. */
    private void saveIfDue(long nowNs) throws IOException {
        if (nowNs - nextSaveNs >= 0
                && progress.step() > progress.savedStep()
                && records.allReturned()) {
            save();
            nextSaveNs = System.nanoTime() + saveEveryNs;
        }
    }

    private void save() throws IOException {
        store.save(Checkpoint.of(learner, regions.snapshot().regions(), progress));
        progress.saved(progress.step());
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
     * Duty cycle: saves once more after the thread has ended and all of its steps were published.
     */
    void saveFinally() throws IOException {
        if (progress.step() > progress.savedStep()) {
            save();
        }
    }
}
