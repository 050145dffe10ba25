/**
 * Nodes that misbehave, one tiny program for each fault. Chaos starts them in the foam that it
 * faults.
 */
package io.fluxfoam.chaos.guest;
