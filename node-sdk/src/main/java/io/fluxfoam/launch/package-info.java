/** A node's process: parse its options, join, wait for the signal, leave; errors as one line. */
@NullMarked
package io.fluxfoam.launch;

import org.jspecify.annotations.NullMarked;
