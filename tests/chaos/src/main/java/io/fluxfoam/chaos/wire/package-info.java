/** A wire between two bridges of one machine that chaos can make worse, without any privilege. */
package io.fluxfoam.chaos.wire;
