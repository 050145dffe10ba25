/** The sensor: sources of frames, and the node that publishes them at a fixed pace. */
@NullMarked
package io.fluxfoam.sensor;

import org.jspecify.annotations.NullMarked;
