/**
 * {@code bench idle} and {@code bench loop}: what a loop costs that has nothing to do, and how its
 * nodes should wait.
 */
package io.fluxfoam.bench.idle;
