/**
 * Things in the hands of several artists: drawn from their icons, varied, and spoken by name. The
 * SVG library is known here only.
 */
@NullMarked
package io.fluxfoam.sensor.emoji;

import org.jspecify.annotations.NullMarked;
