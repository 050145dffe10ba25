package io.fluxfoam.chaos.report;

import java.util.List;

/**
 * What a run found. The component names are the JSON contract that scripts rely on; a figure that
 * is not there is null.
 *
 * @param kills processes that were ended, by whatever means
 * @param readsVerified slots that chaos itself leased and whose CRC-32C it checked
 * @param tornReads those whose bytes did not have the checksum of their header
 * @param hungNodes nodes that are STALLED at the end, or that a fault found unable to go on
 * @param leakedBytes size of the files of incarnations that are not alive
 * @param leakedLeases lanes that such incarnations own in streams of the living
 * @param heldOutUndisturbed top-1 on unseen combinations of seen words: of an undisturbed run to
 *     compare with, see {@link HeldOutComparison}, else the median of the undisturbed windows
 * @param heldOutUnderChaos the same of this run, else of its other windows
 */
public record ChaosReport(
        long seed,
        double seconds,
        int kills,
        List<FaultReport> faults,
        Double detectMillisP50,
        Double detectMillisP99,
        Double rejoinMillisP50,
        Double rejoinMillisP99,
        long readsVerified,
        long tornReads,
        int hungNodes,
        long leakedBytes,
        int leakedLeases,
        Double stepsPerSecondUndisturbed,
        Double stepsPerSecondUnderChaos,
        Double momentsPerSecondUndisturbed,
        Double momentsPerSecondUnderChaos,
        Double heldOutUndisturbed,
        Double heldOutUnderChaos) {}
