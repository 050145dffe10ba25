/**
 * Who is there and who is alive: the foam's directory, the mark file with its lock, incarnation and
 * heartbeat, and the state that follows from them.
 */
@NullMarked
package io.fluxfoam.liveness;

import org.jspecify.annotations.NullMarked;
