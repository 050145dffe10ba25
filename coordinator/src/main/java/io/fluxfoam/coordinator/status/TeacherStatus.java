package io.fluxfoam.coordinator.status;

import org.jspecify.annotations.Nullable;

/**
 * One teacher as the student sees it, and how near the student comes to it on held-out frames.
 *
 * @param present its tensors arrive and its region is unmasked
 * @param weight of its region in the loss
 * @param centredCosine between prediction and target, both less the mean target; 1 is perfect
 * @param unexplainedVariance squared error over the target's variance; 0 is perfect
 * @param constantPredictor the unexplained variance of always predicting the mean
 * @param refused why the student takes nothing of it; null if it does
 * @param state where it stands with the evaluator; null if none says so
 * @param verdict what that rests on
 */
public record TeacherStatus(
        @Nullable Boolean present,
        @Nullable Double weight,
        @Nullable Double centredCosine,
        @Nullable Double unexplainedVariance,
        @Nullable Double constantPredictor,
        @Nullable String refused,
        @Nullable String state,
        @Nullable String verdict) {}
