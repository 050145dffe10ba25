/**
 * The student node. Two threads share it, and one object at a time crosses between them:
 *
 * <pre>{@code
 * duty cycle (heartbeat)                                             trainer
 * leases -> replay: MomentAssembler -> MomentArena, TargetColumn --> train: Trainer, one step after the other
 *                                   -> PredictionQueue ------------> train: Predictor
 *           replay: RegionTable -----------------------------------> train: Learner (heads, scaling in use)
 *                                                                    growth: Growth, beside the trainer
 * streams  <- Publisher <---------- RecyclingQueue <---------------- steps, predictions
 *                     <---------- Vocalizer (a thread of its own) makes samples of some predictions
 * counters <- StudentCounters <---- Progress <---------------------- all of them
 *                                                       disk <------ checkpoint: CheckpointStore, every few seconds
 * }</pre>
 *
 * <p>Neither waits for the other: a moment's row is handed over by one atomic word, and statistics
 * are immutable values.
 *
 * <p>Packages, each using only those before it: {@code net} (the only one that knows libtorch),
 * {@code replay}, {@code train}, {@code growth} and {@code checkpoint}, and this one, which wires
 * them and is the node.
 */
package io.fluxfoam.student;
