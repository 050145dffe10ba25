/**
 * Speech: spoken by FreeTTS, seen as a spectrogram, and made of one again. FreeTTS and the Fourier
 * transform are known here only.
 */
@NullMarked
package io.fluxfoam.speech;

import org.jspecify.annotations.NullMarked;
