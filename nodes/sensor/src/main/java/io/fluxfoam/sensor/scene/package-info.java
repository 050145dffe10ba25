/**
 * Scenes: sentences of a fixed world, drawn and spoken. FreeTTS and the DejaVu fonts are known here
 * only.
 */
@NullMarked
package io.fluxfoam.sensor.scene;

import org.jspecify.annotations.NullMarked;
