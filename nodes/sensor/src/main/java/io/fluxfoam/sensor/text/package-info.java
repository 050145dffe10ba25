/** Tables that people keep beside their pictures and recordings. JSON is known here only. */
@NullMarked
package io.fluxfoam.sensor.text;

import org.jspecify.annotations.NullMarked;
