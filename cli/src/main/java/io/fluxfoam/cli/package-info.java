/**
 * What {@code ./foam VERB} runs: up and its supervisor, what looks at a foam, the doctor. Uses the
 * coordinator's {@code status}.
 */
package io.fluxfoam.cli;
