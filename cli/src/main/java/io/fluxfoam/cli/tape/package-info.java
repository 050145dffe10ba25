/** The node that records a foam to a tape, and the one that plays a tape to a foam. */
package io.fluxfoam.cli.tape;
