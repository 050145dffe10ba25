/**
 * {@code ./foam bench}: what a hand-over, a start, a wait cost, beside what one would pick instead.
 */
package io.fluxfoam.bench;
