/**
 * Variation: a thing is drawn, and its sound played, anew each time; a pure function of what is
 * drawn and of the random numbers given.
 */
@NullMarked
package io.fluxfoam.sensor.vary;

import org.jspecify.annotations.NullMarked;
