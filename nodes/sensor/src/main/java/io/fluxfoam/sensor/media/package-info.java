/** Files, cameras and microphones. FFmpeg is known here only. */
@NullMarked
package io.fluxfoam.sensor.media;

import org.jspecify.annotations.NullMarked;
