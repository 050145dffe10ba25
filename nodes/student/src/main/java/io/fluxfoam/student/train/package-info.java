/**
 * Learning: batches drawn from the replay, steps of the network, predictions of what has just been
 * seen. All on the trainer's thread.
 */
package io.fluxfoam.student.train;
