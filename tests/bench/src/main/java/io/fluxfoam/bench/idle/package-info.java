/** {@code bench idle}: what a loop costs that has nothing to do. */
package io.fluxfoam.bench.idle;
