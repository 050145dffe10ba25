/**
 * A foam's counters for metrics systems. The only package with types of Micrometer, but for the
 * registry that the caller picks.
 */
@NullMarked
package io.fluxfoam.metrics;

import org.jspecify.annotations.NullMarked;
