/** Scenes: sentences of a fixed world, drawn and spoken. The DejaVu fonts are known here only. */
@NullMarked
package io.fluxfoam.sensor.scene;

import org.jspecify.annotations.NullMarked;
