/**
 * Whether teachers still say what is usual of them: meters of each frame, detectors of a lasting
 * change, and the verdicts that follow. Knows nothing of streams or time, only of frames in their
 * order, so that a tape gives the same verdicts as the foam that it was recorded from.
 */
@NullMarked
package io.fluxfoam.evaluator.verdict;

import org.jspecify.annotations.NullMarked;
