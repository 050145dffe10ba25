/** {@code bench memory}: what a teacher's memory saves, and what it costs. */
package io.fluxfoam.bench.memory;
