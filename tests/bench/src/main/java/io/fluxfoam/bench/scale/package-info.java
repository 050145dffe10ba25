/**
 * {@code bench readers}, {@code bench nodes} and {@code bench wait}: many readers, many nodes,
 * sleeping readers.
 */
package io.fluxfoam.bench.scale;
