package io.fluxfoam.student;

import io.fluxfoam.student.net.Width;
import io.fluxfoam.student.replay.MomentAssembler;
import io.fluxfoam.student.replay.Pairing;
import io.fluxfoam.student.train.Trainer;

import java.util.concurrent.TimeUnit;

/**
 * How a student is set up.
 *
 * @param sensor name of the node whose picture and sound it sees
 * @param language name of the teacher whose region is predicted from each input alone too
 * @param batch moments in a training batch
 * @param replayMoments rows of the replay arena
 * @param momentDeadlineMs how long a moment waits for a teacher
 * @param saveEveryMs time between two checkpoints
 * @param learningRate of AdamW, after the warm-up
 * @param width of a student that begins anew; one that goes on is as wide as it was
 * @param growTo widest that it may become
 * @param seed of initial values and of what is random in a step
 * @param pairing whose targets a frame learns from
 * @param trainOnHoldout whether one HOLDOUT frame is trained on, for tests of the audit
 */
public record StudentSettings(
        String sensor,
        String language,
        int batch,
        int replayMoments,
        long momentDeadlineMs,
        long saveEveryMs,
        double learningRate,
        Width width,
        Width growTo,
        long seed,
        Pairing pairing,
        boolean trainOnHoldout) {
    /** Largest batch that the steps stream has room for. */
    static final int MAX_BATCH = 64;

    /**
     * Checks every value and the relations between them.
     *
     * @throws IllegalArgumentException with the offending values
     */
    public StudentSettings {
        require(batch >= 2 && batch <= MAX_BATCH, "batch=" + batch + " not in 2.." + MAX_BATCH);
        int least = MomentAssembler.MAX_PENDING + Trainer.FIRST_MOMENTS + batch;
        require(
                replayMoments >= least && replayMoments <= 1_000_000,
                "replay=" + replayMoments + " not in " + least + "..1000000");
        require(
                momentDeadlineMs >= 1,
                "momentDeadlineMs=" + momentDeadlineMs + " must be positive");
        require(saveEveryMs >= 100, "saveEveryMs=" + saveEveryMs + " must be at least 100");
        require(
                learningRate > 0 && learningRate < 1,
                "learningRate=" + learningRate + " not in (0, 1)");
        require(!width.isWiderThan(growTo), "growTo=" + growTo + " is less than width=" + width);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** What moments are made of, as far as it is a setting: others must not be mixed with them. */
    String source() {
        return "sensor=" + sensor + " pairing=" + pairing;
    }

    /** How long a moment waits for a teacher. */
    long momentDeadlineNs() {
        return TimeUnit.MILLISECONDS.toNanos(momentDeadlineMs);
    }

    /** Time between two checkpoints. */
    long saveEveryNs() {
        return TimeUnit.MILLISECONDS.toNanos(saveEveryMs);
    }
}
