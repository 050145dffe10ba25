/**
 * What a foam says of itself, read from its files: the JSON of page, {@code ps} and the summary of
 * {@code up}.
 */
package io.fluxfoam.coordinator.status;
