/**
 * What happened in a foam, at a low rate and for later: facts with wall time, node and incarnation.
 * The only package with types of Chronicle Queue.
 */
package io.fluxfoam.journal;
