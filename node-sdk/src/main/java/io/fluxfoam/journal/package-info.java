/**
 * What happened in a foam, at a low rate and for later: facts with wall time, node and incarnation.
 * The only package with types of Chronicle Queue.
 */
@NullMarked
package io.fluxfoam.journal;

import org.jspecify.annotations.NullMarked;
