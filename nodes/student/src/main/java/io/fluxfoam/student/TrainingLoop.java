package io.fluxfoam.student;

import io.fluxfoam.student.checkpoint.Checkpoint;
import io.fluxfoam.student.checkpoint.CheckpointStore;
import io.fluxfoam.student.replay.RegionTable;
import io.fluxfoam.student.train.Learner;
import io.fluxfoam.student.train.Predictor;
import io.fluxfoam.student.train.Progress;
import io.fluxfoam.student.train.RecyclingQueue;
import io.fluxfoam.student.train.StepRecord;
import io.fluxfoam.student.train.Trainer;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The trainer's thread: follow the regions, predict what waits, take a step, save now and then;
 * again. Sleeps a little when there is nothing to do. A checkpoint that cannot be written is tried
 * again at the next interval. {@code RUNNING -> ENDED}, for good, when it was asked to stop or
 * something failed.
 */
final class TrainingLoop {
    private static final long IDLE_NS = 2_000_000L;

    /**
     * Times that a save took, before the next one: at most a tenth of the time goes into saving.
     */
    private static final long REST_AFTER_SAVE = 9;

    private final Learner learner;
    private final RegionTable regions;
    private final Predictor predictor;
    private final Trainer trainer;
    private final RecyclingQueue<StepRecord> records;
    private final CheckpointStore store;
    private final String source;
    private final Consumer<IOException> onTrouble;
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
            RecyclingQueue<StepRecord> records,
            CheckpointStore store,
            String source,
            Consumer<IOException> onTrouble,
            Progress progress,
            long saveEveryNs) {
        this.learner = learner;
        this.regions = regions;
        this.predictor = predictor;
        this.trainer = trainer;
        this.records = records;
        this.store = store;
        this.source = source;
        this.onTrouble = onTrouble;
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
    private void saveIfDue(long nowNs) {
        if (nowNs - nextSaveNs >= 0
                && progress.step() > progress.savedStep()
                && records.allReturned()) {
            save();
            long savedNs = System.nanoTime();
            nextSaveNs = savedNs + Math.max(saveEveryNs, REST_AFTER_SAVE * (savedNs - nowNs));
        }
    }

    /** What cannot be saved is told, and learning goes on. */
    private void save() {
        try {
            store.save(Checkpoint.of(source, learner, progress));
            progress.saved(progress.step());
        } catch (IOException e) {
            progress.saveFailed();
            onTrouble.accept(new IOException("checkpoint cannot be saved: " + e, e));
        }
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
        if (!thread.isAlive() && progress.step() > progress.savedStep()) {
            save();
        }
    }
}
