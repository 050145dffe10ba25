package io.fluxfoam.chaos.report;

/**
 * What one fault did. A figure that does not apply, or was never reached, is null.
 *
 * @param fault its name
 * @param target node, or {@code *}
 * @param detectMillis from the return of the kill until the last living peer counts that
 *     incarnation as dead
 * @param rejoinMillis from the kill to the first commit of a higher incarnation; of the
 *     coordinator, to its first 200
 * @param framesLost frames that the sensor published fewer than at its undisturbed pace, until the
 *     fault was over
 * @param stepsLost steps that the student was behind its undisturbed pace then
 */
public record FaultReport(
        String fault,
        String target,
        Double detectMillis,
        Double rejoinMillis,
        Long framesLost,
        Long stepsLost) {}
