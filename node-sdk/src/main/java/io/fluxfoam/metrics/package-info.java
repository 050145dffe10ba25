/**
 * A foam's counters for metrics systems. The only package with types of Micrometer, but for the
 * registry that the caller picks.
 */
package io.fluxfoam.metrics;
