/** A node's process: parse its options, join, wait for the signal, leave; errors as one line. */
package io.fluxfoam.launch;
