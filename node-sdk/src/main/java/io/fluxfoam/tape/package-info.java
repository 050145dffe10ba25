/**
 * Recordings of a foam: files in the MCAP container, each record with a checksum of its own.
 * docs/TAPES.md has the bytes.
 */
@NullMarked
package io.fluxfoam.tape;

import org.jspecify.annotations.NullMarked;
