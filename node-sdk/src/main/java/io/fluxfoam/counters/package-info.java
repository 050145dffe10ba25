/**
 * Counters and the distinct error log of one incarnation of a node, in a mapped file that outlives
 * its writer. Agrona's counters and error log do the work; their types stay in here.
 */
@NullMarked
package io.fluxfoam.counters;

import org.jspecify.annotations.NullMarked;
