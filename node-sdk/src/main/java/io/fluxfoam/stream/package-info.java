/**
 * Streams: named rings of tensor slots with one writer and any number of readers, the lease
 * protocol, and who frees what a dead reader held. docs/MEMORY-LAYOUT.md has the bytes,
 * docs/ARCHITECTURE.md the protocol.
 */
@NullMarked
package io.fluxfoam.stream;

import org.jspecify.annotations.NullMarked;
