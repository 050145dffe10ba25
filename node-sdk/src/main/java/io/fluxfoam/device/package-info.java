/** Where payload bytes live: allocating, exporting and opening the memory of streams. */
package io.fluxfoam.device;
