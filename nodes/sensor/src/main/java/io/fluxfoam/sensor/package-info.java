/** The sensor: sources of frames, and the node that publishes them at a fixed pace. */
package io.fluxfoam.sensor;
