/** Nodes that misbehave, one tiny program for each fault. Chaos starts them in the foam that it torments. */
package io.fluxfoam.chaos.guest;
