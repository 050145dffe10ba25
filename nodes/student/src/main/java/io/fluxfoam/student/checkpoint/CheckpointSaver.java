package io.fluxfoam.student.checkpoint;

import io.fluxfoam.student.train.Learner;
import io.fluxfoam.student.train.Progress;

import java.io.IOException;
import java.util.function.Consumer;

/**
 * Saves a learner now and then. A checkpoint that cannot be written is told and tried again at the
 * next interval; learning goes on. Belongs to the trainer's thread, and to whoever has seen its
 * end.
 */
public final class CheckpointSaver {
    /**
     * Times that a save took, before the next one: at most a tenth of the time goes into saving.
     */
    private static final long REST_AFTER_SAVE = 9;

    private final CheckpointStore store;
    private final String source;
    private final Learner learner;
    private final Progress progress;
    private final long saveEveryNs;
    private final Consumer<IOException> onTrouble;
    private long nextSaveNs;

    /**
     * Saves this learner.
     *
     * @param source what it learns from: sensor and pairing
     * @param onTrouble told of each checkpoint that cannot be saved
     */
    public CheckpointSaver(
            CheckpointStore store,
            String source,
            Learner learner,
            long saveEveryNs,
            Consumer<IOException> onTrouble) {
        this.store = store;
        this.source = source;
        this.learner = learner;
        this.progress = learner.progress();
        this.saveEveryNs = saveEveryNs;
        this.onTrouble = onTrouble;
    }

    /** The first save is due an interval from now. */
    public void begin(long nowNs) {
        nextSaveNs = nowNs + saveEveryNs;
    }

    /** Whether a save is due: the interval is over, and there is something new. */
    public boolean isDue(long nowNs) {
        return nowNs - nextSaveNs >= 0 && isNew();
    }

    /** Whether a step was taken since the last save. */
    public boolean isNew() {
        return progress.step() > progress.savedStep();
    }

    /** Saves now. */
    public void save(long nowNs) {
        try {
            store.save(Checkpoint.of(source, learner, progress));
            progress.saved(progress.step());
        } catch (IOException e) {
            progress.saveFailed();
            onTrouble.accept(new IOException("checkpoint cannot be saved: " + e, e));
        }
        long savedNs = System.nanoTime();
        nextSaveNs = savedNs + Math.max(saveEveryNs, REST_AFTER_SAVE * (savedNs - nowNs));
    }
}
