package io.fluxfoam.coordinator.status;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What the evaluator measured on HOLDOUT frames, and what its audit of the student's steps found.
 *
 * @param frames HOLDOUT frames evaluated
 * @param seenWords unseen combinations of seen words, from picture and sound
 * @param unseenWords sentences with an unseen word, from picture and sound
 * @param pictureOnly the sentences of {@code seenWords} from the picture alone
 * @param trainedFramesAudited frame numbers of the student's batches that were checked against the
 *     HOLDOUT rule
 * @param trainedFramesMissed those that were overwritten before the audit read them
 * @param trainedOnHoldout count of HOLDOUT frames that were trained on: 0, or something is wrong
 * @param sets of all sources; those of the scenes are here too
 */
public record HeldOutStatus(
        @Nullable Long frames,
        RetrievalStatus seenWords,
        RetrievalStatus unseenWords,
        RetrievalStatus pictureOnly,
        @Nullable Long trainedFramesAudited,
        @Nullable Long trainedFramesMissed,
        @Nullable Long trainedOnHoldout,
        List<SetStatus> sets) {
    /** No evaluator has published anything. */
    public static final HeldOutStatus UNKNOWN =
            new HeldOutStatus(
                    null,
                    RetrievalStatus.UNKNOWN,
                    RetrievalStatus.UNKNOWN,
                    RetrievalStatus.UNKNOWN,
                    null,
                    null,
                    null,
                    List.of());

    public HeldOutStatus {
        sets = List.copyOf(sets);
    }

    /** The same with the sensor's sources, in their order. */
    HeldOutStatus withSources(List<String> sources) {
        return new HeldOutStatus(
                frames,
                seenWords,
                unseenWords,
                pictureOnly,
                trainedFramesAudited,
                trainedFramesMissed,
                trainedOnHoldout,
                sets.stream().map(set -> set.withSource(sources)).toList());
    }
}
