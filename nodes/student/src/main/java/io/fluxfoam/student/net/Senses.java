package io.fluxfoam.student.net;

/**
 * What the trunks make of a batch.
 *
 * @param window of what was seen sharply
 * @param whole of what was seen as a whole
 * @param sound of what was heard
 */
record Senses(Encoding window, SightTrunk.Glance whole, Encoding sound) {}
