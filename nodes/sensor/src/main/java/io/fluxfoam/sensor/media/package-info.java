/** Files, cameras and microphones. JavaCV and FFmpeg are known here only. */
package io.fluxfoam.sensor.media;
