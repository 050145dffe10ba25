package io.fluxfoam.student.net;

import org.bytedeco.pytorch.Tensor;

/**
 * What a trunk makes of its input.
 *
 * @param grid features in place, {@code [batch, channels, steps]}: time steps of sound, columns of
 *     a picture
 * @param pooled features of the whole, {@code [batch, channels]}: the largest over the steps
 */
record Encoding(Tensor grid, Tensor pooled) {}
