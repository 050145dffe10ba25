/**
 * {@code ./foam bench learn}: what helps a student to learn the new without losing the old, each
 * defence beside the others on the same stream, with the student's own optimizer, weights and
 * rules.
 */
package io.fluxfoam.learn;
