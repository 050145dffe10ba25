/**
 * The heatmap: where each teacher's tensor stands in the fused tensor of a moment, and the
 * per-dimension standardisation that puts teachers of different scale on equal terms. Plain Java;
 * nothing here knows how the numbers were made or who learns from them.
 */
@NullMarked
package io.fluxfoam.distill;

import org.jspecify.annotations.NullMarked;
