/**
 * {@code bench gpu}: how long a tensor takes from a producer's kernel to a reader's kernel in
 * another process, ours beside what a user would pick instead.
 *
 * <pre>
 *   hand-over = (producer's kernel begins .. reader's kernel has ended, two processes)
 *               - (the same two kernels in one process)
 * </pre>
 */
package io.fluxfoam.bench.gpu;
