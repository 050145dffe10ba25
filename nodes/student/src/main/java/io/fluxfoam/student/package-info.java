/**
 * The student node. Two threads share it, and one object at a time crosses between them:
 *
 * <pre>{@code
 *   duty cycle (heartbeat)                                   trainer
 *   leases -> MomentAssembler -> MomentArena, TargetColumn -> draws a batch -> StudentNet -> steps
 *                             -> PredictionQueue -----------> predicts ------------------> heatmap, holdout
 *   RegionTable (regions join, are masked, return) ---------> heads, statistics in use --> layout, statistics
 *   counters <- Progress <----------------------------------- every few seconds ---------> Checkpoint
 * }</pre>
 *
 * <p>Neither waits for the other: a moment's row is handed over by one atomic word, and statistics are immutable values.
 */
package io.fluxfoam.student;
