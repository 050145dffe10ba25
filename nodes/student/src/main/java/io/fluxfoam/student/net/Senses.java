package io.fluxfoam.student.net;

import org.bytedeco.pytorch.Tensor;

/**
 * What the trunks make of a batch.
 *
 * @param windows what was looked at sharply, as it was
 * @param window of what was seen sharply
 * @param whole of what was seen as a whole
 * @param sound of what was heard
 */
record Senses(Tensor windows, Encoding window, SightTrunk.Glance whole, Encoding sound) {}
