/** The processes and files of a bench, and that nothing of either is left. */
package io.fluxfoam.bench.process;
