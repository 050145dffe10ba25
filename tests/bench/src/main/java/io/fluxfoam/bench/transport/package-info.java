/**
 * Ways to hand messages from one process to another, ours and what a user would pick instead, all
 * behind the same small interface. The types of Aeron, Chronicle Queue and gRPC stay in here.
 */
package io.fluxfoam.bench.transport;
