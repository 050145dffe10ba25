/** Numbers: medians, percentiles, and how they are written. */
package io.fluxfoam.bench.measure;
