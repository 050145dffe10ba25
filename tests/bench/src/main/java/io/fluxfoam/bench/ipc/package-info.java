/**
 * {@code bench ipc}: one-way latency and messages a second between two processes, ours beside what
 * a user would pick instead.
 */
package io.fluxfoam.bench.ipc;
