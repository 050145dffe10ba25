/** Files, cameras and microphones. FFmpeg is known here only. */
package io.fluxfoam.sensor.media;
