/**
 * The student node. Two threads share it, and one object at a time crosses between them:
 *
 * <pre>{@code
 * duty cycle (heartbeat)                                  trainer
 * leases -> MomentAssembler -> MomentArena, TargetColumn -> Trainer: draw, step
 *                           -> PredictionQueue ----------> Predictor
 *           RegionTable ---------------------------------> Learner: heads, statistics in use
 * streams  <- Publisher <----- Handover <----------------- steps, predictions
 * counters <- StudentCounters <- Progress <--------------- all of them
 *                                            disk <------- CheckpointStore, every few seconds
 * }</pre>
 *
 * <p>Neither waits for the other: a moment's row is handed over by one atomic word, and statistics
 * are immutable values.
 */
package io.fluxfoam.student;
