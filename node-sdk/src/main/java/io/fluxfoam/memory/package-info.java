/**
 * Host memory: creating, sizing, mapping and unmapping shared files, the words in them with their
 * memory order, and the few system calls the fabric needs. The only package with raw memory and
 * native calls besides {@code device}.
 */
@NullMarked
package io.fluxfoam.memory;

import org.jspecify.annotations.NullMarked;
