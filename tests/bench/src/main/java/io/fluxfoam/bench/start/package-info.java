/** {@code bench start}: from the start of a process to the first tensor that it commits. */
package io.fluxfoam.bench.start;
