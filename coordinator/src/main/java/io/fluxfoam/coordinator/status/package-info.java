/**
 * What a foam says of itself, read from its files: the JSON of page, {@code ps} and the summary of
 * {@code up}.
 */
@NullMarked
package io.fluxfoam.coordinator.status;

import org.jspecify.annotations.NullMarked;
